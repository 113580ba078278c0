package com.acme.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Through Apache HttpClient 5. Up to 5.1.3 it throws away the connection of an answer that is closed unread; from 5.1.4 on
 * closing reads the rest, however long that is.
 */
@SuppressWarnings("deprecation") // with a handler there would be nothing to close; many have it as it was in 4
class HttpClient5Writer implements Writer {
    final Elasticsearch elasticsearch;
    final CloseableHttpClient http;

    HttpClient5Writer(Elasticsearch elasticsearch, int threads) {
        this.elasticsearch = elasticsearch;
        this.http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(threads)
                        .setMaxConnTotal(threads)
                        .build())
                .build();
    }

    @Override
    public void write(String batch) throws IOException {
        try (CloseableHttpResponse response = http.execute(bulk(batch))) { // BUG: closed with the answer unread
            Writer.requireOk(response.getCode());
        }
    }

    HttpPost bulk(String batch) {
        HttpPost bulk = new HttpPost(elasticsearch.bulk());
        elasticsearch.headers().forEach(bulk::setHeader);
        bulk.setEntity(new StringEntity(batch, ContentType.create("application/x-ndjson", StandardCharsets.UTF_8)));
        return bulk;
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** Reads the answer to its end, and sees what it says. */
    @SuppressWarnings("deprecation") // as above
    static class Mended extends HttpClient5Writer {
        Mended(Elasticsearch elasticsearch, int threads) {
            super(elasticsearch, threads);
        }

        @Override
        public void write(String batch) throws IOException {
            try (CloseableHttpResponse response = http.execute(bulk(batch))) {
                String answer = EntityUtils.toString(response.getEntity());
                Writer.requireOk(response.getCode());
                Writer.requireAllWritten(answer);
            } catch (ParseException e) {
                throw new IOException(e);
            }
        }
    }
}

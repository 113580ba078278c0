package com.acme.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Through Apache HttpClient 4.5, which throws away the connection of an answer that is closed unread. */
class HttpClient4Writer implements Writer {
    final Elasticsearch elasticsearch;
    final CloseableHttpClient http;

    HttpClient4Writer(Elasticsearch elasticsearch, int threads) {
        this.elasticsearch = elasticsearch;
        this.http = HttpClients.custom()
                .setMaxConnPerRoute(threads)
                .setMaxConnTotal(threads)
                .build();
    }

    @Override
    public void write(String batch) throws IOException {
        try (CloseableHttpResponse response = http.execute(bulk(batch))) { // BUG: closed with the answer unread
            Writer.requireOk(response.getStatusLine().getStatusCode());
        }
    }

    HttpPost bulk(String batch) {
        HttpPost bulk = new HttpPost(elasticsearch.bulk());
        elasticsearch.headers().forEach(bulk::setHeader);
        bulk.setEntity(new StringEntity(batch, StandardCharsets.UTF_8));
        return bulk;
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** Reads the answer to its end, and sees what it says. */
    static class Mended extends HttpClient4Writer {
        Mended(Elasticsearch elasticsearch, int threads) {
            super(elasticsearch, threads);
        }

        @Override
        public void write(String batch) throws IOException {
            try (CloseableHttpResponse response = http.execute(bulk(batch))) {
                String answer = EntityUtils.toString(response.getEntity());
                Writer.requireOk(response.getStatusLine().getStatusCode());
                Writer.requireAllWritten(answer);
            }
        }
    }
}

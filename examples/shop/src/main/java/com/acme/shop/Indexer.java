package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Writes what has changed into the search index, many articles at a time. */
class Indexer implements Closeable {
    private static final ContentType LINES = ContentType.create("application/x-ndjson", "UTF-8");

    final URI search;
    final CloseableHttpClient http =
            HttpClients.custom().setDnsResolver(ServiceNames.INSTANCE).build();

    Indexer(URI search) {
        this.search = search;
    }

    static Indexer open(URI search, boolean fixed) {
        return fixed ? new Mended(search) : new Indexer(search);
    }

    void flush(List<String> articles) throws IOException {
        try (CloseableHttpResponse response = http.execute(bulk(articles))) { // BUG: closed with the answer unread
            requireWritten(response);
        }
    }

    HttpPost bulk(List<String> articles) {
        HttpPost bulk = new HttpPost(search.resolve("/_bulk"));
        bulk.setEntity(new StringEntity(
                articles.stream()
                        .map(article -> "{\"index\":{\"_id\":\"" + article + "\"}}\n{\"title\":\"" + article + "\"}\n")
                        .collect(Collectors.joining()),
                LINES));
        return bulk;
    }

    static void requireWritten(HttpResponse response) throws IOException {
        if (response.getStatusLine().getStatusCode() != HttpStatus.SC_OK) {
            throw new IOException("not indexed: " + response.getStatusLine());
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** Reads the answer to its end, so that the connection can be used again. */
    private static class Mended extends Indexer {
        Mended(URI search) {
            super(search);
        }

        @Override
        void flush(List<String> articles) throws IOException {
            try (CloseableHttpResponse response = http.execute(bulk(articles))) {
                EntityUtils.consume(response.getEntity());
                requireWritten(response);
            }
        }
    }
}

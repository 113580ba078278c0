package com.acme.bulk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Through OkHttp, which reads on for 100 ms when an answer is closed unread. From a server near by that is enough, and the
 * connection is kept; from one far away it is not.
 */
class OkHttpWriter implements Writer {
    final Elasticsearch elasticsearch;
    final OkHttpClient http;

    OkHttpWriter(Elasticsearch elasticsearch, int threads) {
        this.elasticsearch = elasticsearch;
        this.http = new OkHttpClient.Builder()
                .socketFactory(new PromptSockets())
                .connectionPool(new ConnectionPool(threads, 5, TimeUnit.MINUTES))
                .build();
    }

    @Override
    public void write(String batch) throws IOException {
        try (Response response = http.newCall(bulk(batch)).execute()) { // BUG: closed with the answer unread
            Writer.requireOk(response.code());
        }
    }

    Request bulk(String batch) {
        return new Request.Builder()
                .url(elasticsearch.bulk().toString())
                .headers(Headers.of(elasticsearch.headers()))
                .post(RequestBody.create(batch.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /** Reads the answer to its end, and sees what it says. */
    static class Mended extends OkHttpWriter {
        Mended(Elasticsearch elasticsearch, int threads) {
            super(elasticsearch, threads);
        }

        @Override
        public void write(String batch) throws IOException {
            try (Response response = http.newCall(bulk(batch)).execute()) {
                String answer = response.body().string();
                Writer.requireOk(response.code());
                Writer.requireAllWritten(answer);
            }
        }
    }
}

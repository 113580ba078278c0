package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** What the shop sells, and in what words. */
class Catalogue implements Closeable {
    final URI catalogue;
    final OkHttpClient http;

    Catalogue(URI catalogue) {
        this.catalogue = catalogue;
        this.http = new OkHttpClient.Builder()
                .dns(ServiceNames.INSTANCE)
                .proxy(Proxy.NO_PROXY)
                .connectionPool(new ConnectionPool(5, 1, TimeUnit.MINUTES))
                .build();
    }

    static Catalogue open(URI catalogue, boolean fixed) {
        return fixed ? new Mended(catalogue) : new Catalogue(catalogue);
    }

    String describe(String article) throws IOException {
        try (Response response = http.newCall(product(article).build()).execute()) {
            return response.body().string();
        }
    }

    boolean isListed(String article) throws IOException {
        Response response = http.newCall(product(article).build()).execute(); // BUG: never closed
        return response.isSuccessful();
    }

    Request.Builder product(String article) {
        return new Request.Builder()
                .url(catalogue.resolve("/products/" + article).toString());
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /** Asks for no body, as it wants none, and closes the response. */
    private static class Mended extends Catalogue {
        Mended(URI catalogue) {
            super(catalogue);
        }

        @Override
        boolean isListed(String article) throws IOException {
            try (Response response =
                    http.newCall(product(article).head().build()).execute()) {
                return response.isSuccessful();
            }
        }
    }
}

package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import org.apache.http.HttpStatus;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Asks the warehouse what is on its shelves, and has it set aside. 20 connections; who gets none for 2 s gives up. */
class Stock implements Closeable {
    private static final int CONNECTIONS = 20;
    private static final int PATIENCE_MILLIS = 2_000;

    final URI warehouse;
    final CloseableHttpClient http;

    Stock(URI warehouse) {
        this.warehouse = warehouse;
        this.http = HttpClients.custom()
                .setDnsResolver(ServiceNames.INSTANCE)
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(PATIENCE_MILLIS)
                        .build())
                .build();
    }

    static Stock open(URI warehouse, boolean fixed) {
        return fixed ? new Mended(warehouse) : new Stock(warehouse);
    }

    /** How many pieces are there. */
    int level(String article) throws IOException {
        CloseableHttpResponse response = http.execute(shelf(article)); // BUG: stays open when the article is unknown
        if (response.getStatusLine().getStatusCode() == HttpStatus.SC_NOT_FOUND) {
            throw new UnknownArticleException(article);
        }
        int level = Integer.parseInt(EntityUtils.toString(response.getEntity()));
        response.close();
        return level;
    }

    /** Takes one piece off the shelf. */
    void setAside(String article) throws IOException {
        try (CloseableHttpResponse response =
                http.execute(new HttpPost(warehouse.resolve("/reservations/" + article)))) {
            EntityUtils.consume(response.getEntity());
        }
    }

    HttpGet shelf(String article) {
        return new HttpGet(warehouse.resolve("/stock/" + article));
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** Reads every answer to its end and closes it on every path. */
    private static class Mended extends Stock {
        Mended(URI warehouse) {
            super(warehouse);
        }

        @Override
        int level(String article) throws IOException {
            try (CloseableHttpResponse response = http.execute(shelf(article))) {
                String body = EntityUtils.toString(response.getEntity());
                if (response.getStatusLine().getStatusCode() == HttpStatus.SC_NOT_FOUND) {
                    throw new UnknownArticleException(article);
                }
                return Integer.parseInt(body);
            }
        }
    }
}

package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Asks what an article costs. Nothing is wrong here: this is what a pool in good health looks like. */
final class Price implements Closeable {
    private static final int CONNECTIONS = 20;

    private final URI prices;
    private final CloseableHttpClient http = HttpClients.custom()
            .setDnsResolver(ServiceNames.INSTANCE)
            .setMaxConnTotal(CONNECTIONS)
            .setMaxConnPerRoute(CONNECTIONS)
            .build();

    Price(URI prices) {
        this.prices = prices;
    }

    BigDecimal of(String article) throws IOException {
        try (CloseableHttpResponse response = http.execute(new HttpGet(prices.resolve("/prices/" + article)))) {
            return new BigDecimal(EntityUtils.toString(response.getEntity()));
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

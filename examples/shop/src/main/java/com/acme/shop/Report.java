package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** The day's sales on paper. Drawing the charts takes its time. */
class Report implements Closeable {
    private static final long CHARTS_SECONDS = 75;

    final URI archive;
    final CloseableHttpClient http =
            HttpClients.custom().setDnsResolver(ServiceNames.INSTANCE).build();

    Report(URI archive) {
        this.archive = archive;
    }

    static Report open(URI archive, boolean fixed) {
        return fixed ? new Mended(archive) : new Report(archive);
    }

    /** Returns how many sales there were. */
    long print() throws IOException {
        try (CloseableHttpResponse response = http.execute(sales())) { // BUG: held while the charts are drawn
            drawCharts();
            return EntityUtils.toString(response.getEntity()).lines().count();
        }
    }

    HttpGet sales() {
        return new HttpGet(archive.resolve("/sales/today.csv"));
    }

    /** When the shop closes, the charts stay as they are. */
    static void drawCharts() {
        try {
            TimeUnit.SECONDS.sleep(CHARTS_SECONDS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }

    /** Reads first, gives the connection back, draws then. */
    private static class Mended extends Report {
        Mended(URI archive) {
            super(archive);
        }

        @Override
        long print() throws IOException {
            String sales;
            try (CloseableHttpResponse response = http.execute(sales())) {
                sales = EntityUtils.toString(response.getEntity());
            }
            drawCharts();
            return sales.lines().count();
        }
    }
}

package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.http.HttpStatus;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Books parcels with the carrier, whose load balancer closes what has been idle for a second. */
final class Shipping implements Closeable {
    private final URI carrier;
    private final CloseableHttpClient http;

    private Shipping(URI carrier, Duration keepAlive) {
        this.carrier = carrier;
        this.http = HttpClients.custom()
                .setDnsResolver(ServiceNames.INSTANCE)
                .setKeepAliveStrategy((response, context) -> keepAlive.toMillis())
                .build();
    }

    static Shipping open(URI carrier, boolean fixed) {
        return fixed
                ? new Shipping(carrier, Duration.ofMillis(400))
                : new Shipping(carrier, Duration.ofMinutes(5)); // BUG: the carrier has long hung up by then
    }

    /** Two bookings of one parcel are worse than none: a POST that failed is not sent again. */
    void book(String parcel) throws IOException {
        HttpPost booking = new HttpPost(carrier.resolve("/bookings"));
        booking.setEntity(new StringEntity("{\"parcel\":\"" + parcel + "\"}", ContentType.APPLICATION_JSON));
        try (CloseableHttpResponse response = http.execute(booking)) {
            EntityUtils.consume(response.getEntity());
            if (response.getStatusLine().getStatusCode() != HttpStatus.SC_CREATED) {
                throw new IOException("not booked: " + response.getStatusLine());
            }
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

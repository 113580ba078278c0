package com.acme.shop;

import io.poolscope.testkit.wrapped.Ending;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Asks for offers through Spring's RestClient, on Apache HttpClient 5. */
public final class Offers {

    private final RestClient rest;

    private Offers(String url) {
        rest = RestClient.builder()
                .baseUrl(url)
                .requestFactory(new HttpComponentsClientHttpRequestFactory(HttpClients.custom()
                        .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                                .setMaxConnPerRoute(10)
                                .build())
                        .build()))
                .build();
    }

    public static void main(String[] arguments) throws Exception {
        Offers offers = new Offers(arguments[0]);
        for (int i = 0; i < 3; i++) {
            System.out.println("read " + offers.read("/bytes/1000"));
        }
        InputStream held = offers.open("/bytes/100000");
        offers.lose("/bytes/100000");
        offers.glance("/bytes/100000");
        System.out.println("found " + offers.exists("/bytes/100000"));
        Ending.end(offers, held);
    }

    private int read(String path) {
        return rest.get().uri(path).retrieve().body(byte[].class).length;
    }

    /** Who says that the response shall not be closed for him has to close it. */
    private InputStream open(String path) {
        return rest.get().uri(path).exchange((request, response) -> response.getBody(), false);
    }

    private void lose(String path) {
        rest.get().uri(path).exchange((request, response) -> response.getBody(), false); // lost
    }

    private void glance(String path) throws IOException {
        InputStream in = open(path);
        System.out.println("begins with " + in.read());
        in.close(); // undrained
    }

    /** Spring consumes the body on purpose before it closes the response: nothing of the connection is lost. */
    private boolean exists(String path) {
        return rest.get().uri(path).retrieve().toBodilessEntity().getStatusCode().is2xxSuccessful();
    }
}

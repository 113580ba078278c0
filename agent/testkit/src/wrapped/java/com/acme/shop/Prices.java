package com.acme.shop;

import io.poolscope.testkit.wrapped.Ending;
import java.io.IOException;
import java.net.URI;
import org.apache.http.impl.client.HttpClients;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestTemplate;

/** Asks for prices through Spring's RestTemplate, which is on Apache HttpClient 4 up to Spring 5. */
public final class Prices {

    private final RestTemplate rest = new RestTemplate(new HttpComponentsClientHttpRequestFactory(
            HttpClients.custom().setMaxConnPerRoute(10).build()));

    public static void main(String[] arguments) throws Exception {
        Prices prices = new Prices();
        String url = arguments[0];
        for (int i = 0; i < 3; i++) {
            System.out.println("read " + prices.read(url + "/bytes/1000"));
        }
        ClientHttpResponse held = prices.open(url + "/bytes/100000");
        prices.lose(url + "/bytes/100000");
        prices.glance(url + "/bytes/100000");
        System.out.println("found " + prices.exists(url + "/bytes/100000"));
        Ending.end(prices, held);
    }

    private int read(String url) {
        return rest.getForObject(url, byte[].class).length;
    }

    private ClientHttpResponse open(String url) throws IOException {
        return rest.getRequestFactory()
                .createRequest(URI.create(url), HttpMethod.GET)
                .execute();
    }

    private void lose(String url) throws IOException {
        rest.getRequestFactory().createRequest(URI.create(url), HttpMethod.GET).execute(); // lost
    }

    private void glance(String url) {
        rest.execute(url, HttpMethod.GET, null, response -> {
            System.out.println("begins with " + response.getBody().read());
            response.getBody().close(); // undrained
            return null;
        });
    }

    /** Spring consumes the body on purpose before it closes the response: nothing of the connection is lost. */
    private boolean exists(String url) {
        return rest.execute(
                url,
                HttpMethod.GET,
                null,
                response -> response.getStatusCode().is2xxSuccessful());
    }
}

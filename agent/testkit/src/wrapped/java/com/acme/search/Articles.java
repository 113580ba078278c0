package com.acme.search;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseListener;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.poolscope.testkit.wrapped.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Searches through Elasticsearch's Rest5Client as it comes, which has ten connections for a node. */
public final class Articles {

    private static final long KEY = ProcessHandle.current().pid();

    private final String url;
    private final Rest5Client rest;

    private Articles(String url) {
        this.url = url;
        rest = Rest5Client.builder(URI.create(url)).build();
    }

    public static void main(String[] arguments) throws Exception {
        Articles articles = new Articles(arguments[0]);
        articles.giveUp();
        for (int i = 0; i < 3; i++) {
            System.out.println("read " + articles.read("/bytes/1000"));
        }
        articles.search();
        Ending.end(articles);
    }

    private int read(String path) throws IOException {
        Response response = rest.performRequest(new Request("GET", path));
        return EntityUtils.toByteArray(response.getEntity()).length;
    }

    /** What is cancelled takes its connection with it, as that has served nobody before. */
    private void giveUp() throws Exception {
        CompletableFuture<Exception> failure = new CompletableFuture<>();
        var request = rest.performRequestAsync(new Request("GET", "/parked/" + KEY), new ResponseListener() {
            @Override
            public void onSuccess(Response response) {
                failure.complete(null);
            }

            @Override
            public void onFailure(Exception e) {
                failure.complete(e);
            }
        });
        awaitParked(1);
        request.cancel();
        System.out.println("gave up " + failure.get().getClass().getSimpleName());
    }

    /** Twelve at once, and none is answered: two wait for a connection. */
    private void search() throws Exception {
        for (int i = 0; i < 12; i++) {
            rest.performRequestAsync(new Request("GET", "/parked/" + KEY), new Unanswered()); // asked
        }
        awaitParked(1 + 10);
    }

    /** The server tells how many requests it has not answered, by another client. */
    private void awaitParked(int requests) throws IOException {
        int parked;
        do {
            try (InputStream in = URI.create(url + "/waiting/" + KEY).toURL().openStream()) {
                parked = in.readAllBytes().length;
            }
        } while (parked < requests);
    }

    private static final class Unanswered implements ResponseListener {
        @Override
        public void onSuccess(Response response) {
            throw new AssertionError(response);
        }

        @Override
        public void onFailure(Exception e) {
            throw new AssertionError(e);
        }
    }
}

package com.acme.shop;

import java.io.Closeable;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** "Customers also bought": asks for all the articles of a page at once and waits until every answer is there. */
final class Recommendations implements Closeable {
    private static final long PATIENCE_SECONDS = 5;

    private final URI recommender;
    private final OkHttpClient http;

    private Recommendations(URI recommender, int atOnce) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequestsPerHost(atOnce);
        this.recommender = recommender;
        this.http = new OkHttpClient.Builder()
                .dns(ServiceNames.INSTANCE)
                .proxy(Proxy.NO_PROXY)
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(atOnce, 30, TimeUnit.SECONDS))
                .build();
    }

    static Recommendations open(URI recommender, boolean fixed) {
        return fixed
                ? new Recommendations(recommender, 40)
                : new Recommendations(recommender, 4); // BUG: a page asks 12 at once, 8 of them wait for the others
    }

    List<String> forPage(List<String> articles) throws IOException {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        articles.forEach(article -> asked.add(similarTo(article)));
        try {
            List<String> found = new ArrayList<>();
            asked.forEach(answer -> found.add(answer.join()));
            return found;
        } catch (CompletionException e) {
            throw new IOException("no recommendations", e.getCause());
        }
    }

    private CompletableFuture<String> similarTo(String article) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Request request = new Request.Builder()
                .url(recommender.resolve("/similar/" + article).toString())
                .build();
        http.newCall(request).enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    answer.complete(response.body().string());
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                }
            }

            @Override
            public void onFailure(Call call, IOException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}

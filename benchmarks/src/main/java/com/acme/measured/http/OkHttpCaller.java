package com.acme.measured.http;

import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp as it comes, called from the thread itself. */
final class OkHttpCaller implements Caller {

    private final OkHttpClient client = new OkHttpClient();

    @Override
    public int get(String url) throws IOException {
        try (Response response = execute(url)) {
            return response.body().bytes().length;
        }
    }

    @Override
    public void getAndClose(String url) throws IOException {
        execute(url).close();
    }

    private Response execute(String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }
}

package com.acme.measured.http;

import java.io.IOException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Apache HttpClient 4 as it comes: a pool of 20 connections, 2 for each route. */
final class ApacheCaller implements Caller {

    private final CloseableHttpClient client = HttpClients.createDefault();

    @Override
    public int get(String url) throws IOException {
        try (CloseableHttpResponse response = client.execute(new HttpGet(url))) {
            return EntityUtils.toByteArray(response.getEntity()).length;
        }
    }

    @Override
    public void getAndClose(String url) throws IOException {
        client.execute(new HttpGet(url)).close();
    }
}

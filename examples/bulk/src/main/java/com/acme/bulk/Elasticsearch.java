package com.acme.bulk;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Where the documents go. */
final class Elasticsearch {
    private final URI bulk;
    private final Map<String, String> headers = new TreeMap<>();

    /** A user and password in the URL are sent as such. */
    Elasticsearch(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        this.bulk = URI.create(url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + path + "/_bulk");
        headers.put("Content-Type", "application/x-ndjson");
        if (url.getUserInfo() != null) {
            byte[] user = url.getUserInfo().getBytes(StandardCharsets.UTF_8);
            headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
        }
    }

    URI bulk() {
        return bulk;
    }

    Map<String, String> headers() {
        return headers;
    }
}

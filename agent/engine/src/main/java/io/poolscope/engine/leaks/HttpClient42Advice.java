package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/**
 * Apache HttpClient 4.2. Responses have no {@code close()}: who ends one consumes its entity, which reads on without limit and
 * keeps the connection, or releases or aborts its request, which throws the connection away.
 */
final class HttpClient42Advice implements Advice {

    private static final List<String> CONSUME = List.of(
            "HttpResponse response = client.execute(request);",
            "try {",
            "    String body = EntityUtils.toString(response.getEntity());",
            "} finally {",
            "    EntityUtils.consumeQuietly(response.getEntity());",
            "}");

    private final Advice later = new HttpClient4Advice();

    private static List<String> consumeAfter(String first) {
        List<String> lines = new java.util.ArrayList<>();
        lines.add(first);
        lines.addAll(CONSUME);
        return lines;
    }

    @Override
    public String leakCosts(long leaked, int limit) {
        return later.leakCosts(leaked, limit);
    }

    @Override
    public List<String> close() {
        return consumeAfter("consume the entity on every path, also on errors, also if nobody wants it:");
    }

    @Override
    public List<String> readFirst() {
        return List.of(
                "if it comes back: read the body first, EntityUtils.toByteArray(response.getEntity()), work then;",
                "if not: consume the entity on every path: finally { EntityUtils.consumeQuietly(response.getEntity()); }");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        return outcome == Undrained.DISCARDED
                ? "each request released so throws its connection away, even with no byte left"
                : later.undrainedCosts(outcome);
    }

    @Override
    public List<String> drain() {
        return List.of(
                "small bodies: EntityUtils.consume(response.getEntity()) before request.releaseConnection();",
                "who reads a stream himself: until read() returns -1, not just Content-Length bytes;",
                "large bodies that nobody wants: aborting is right, ask for less (HEAD, filter_path, Range)");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of(
                "let go of idle connections before the server does, here for example:",
                "client.setKeepAliveStrategy(...), whose getKeepAliveDuration(...) returns "
                        + HttpClient4Advice.millisBelow(millis) + " // milliseconds");
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        return List.of("PoolingClientConnectionManager."
                + (isTotal ? "setMaxTotal(" : "setDefaultMaxPerRoute(") + connections + ")"
                + (isTotal ? "" : ", and setMaxTotal to no less"));
    }

    @Override
    public List<String> buildOnce() {
        return List.of(
                "build the client once, with a pool, and share it between threads:",
                "static final HttpClient CLIENT = new DefaultHttpClient(new PoolingClientConnectionManager());",
                "new DefaultHttpClient() by itself has a single connection, which serves one thread at a time");
    }

    @Override
    public List<String> giveUpEarlier() {
        return List.of(
                "the time is spent upstream; HttpConnectionParams.setSoTimeout(params, ms) gives a connection back that",
                "it keeps waiting, HttpClientParams.setConnectionManagerTimeout(params, ms) ends the queueing for one");
    }
}

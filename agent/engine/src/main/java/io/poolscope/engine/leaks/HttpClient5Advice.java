package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/**
 * Apache HttpClient 5. A response that is never closed holds its place in the pool for ever, also when it is collected. Closing
 * one whose end was not seen reads all the rest; up to 5.1.3 it then throws the connection away all the same, even with no byte
 * left. Closing the stream, or {@code EntityUtils.consume}, reads all the rest and keeps it, in every version.
 */
final class HttpClient5Advice implements Advice {

    private final boolean discards;
    private final boolean forgets;

    /** What is true of this version; of one that is not known, what is of the latest. */
    HttpClient5Advice(String version) {
        discards = version.matches("5\\.0(\\..*)?|5\\.1(\\.[0-3])?");
        forgets = version.matches("5\\.[0-5](\\..*)?");
    }

    @Override
    public String leakCosts(long leaked, int limit) {
        if (limit == 1) {
            return "its only connection is gone for good";
        }
        return (limit < 0 ? leaked + " of its connections " : leaked + " of its " + limit + " connections ")
                + (leaked == 1 ? "is" : "are") + " gone for good";
    }

    @Override
    public List<String> close() {
        return List.of(
                "let the client close it, which it then does on every path, also on errors:",
                "client.execute(request, response -> EntityUtils.toString(response.getEntity()));",
                "or try (CloseableHttpResponse response = client.execute(request)) { ... }, with the body read first");
    }

    @Override
    public List<String> lostByTheClient() {
        return forgets
                ? List.of(
                        "no line of yours: the request gave up (timeout, interrupt, cancel) as it was granted a connection,",
                        "which this version forgets then; HttpClient 5.6, with core 5.4, does not")
                : Advice.super.lostByTheClient();
    }

    @Override
    public List<String> readFirst() {
        return List.of(
                "if it comes back: read the body first, EntityUtils.toByteArray(response.getEntity()), work then;",
                "if not: let the client close it, on every path:",
                "client.execute(request, response -> EntityUtils.toString(response.getEntity()));");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        if (outcome == Undrained.DRAINED_ON_CLOSE) {
            return "each such close reads all the rest first, however long that is";
        }
        return discards
                ? "each such close reads all the rest and throws the connection away then, even with no byte left"
                : "each such close throws the connection away";
    }

    @Override
    public List<String> drain() {
        return List.of(
                "small bodies: read them to the end before closing, EntityUtils.consume(response.getEntity());",
                discards
                        ? "who reads a stream himself: until read() returns -1, or HttpClient 5.1.4 and later;"
                        : "client.execute(request, response -> ...) does that by itself;",
                "large bodies that nobody wants: closing reads them, request.cancel() does not; better ask for less",
                "(HEAD, filter_path, Range)");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of(
                "let go of idle connections before the server does, here for example:",
                "HttpClients.custom().setKeepAliveStrategy((response, context) -> TimeValue.ofMilliseconds("
                        + HttpClient4Advice.millisBelow(millis) + "))");
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        return List.of(
                "PoolingHttpClientConnectionManagerBuilder.create()."
                        + (isTotal ? "setMaxConnTotal(" : "setMaxConnPerRoute(") + connections + ")"
                        + (isTotal ? "" : ", and"),
                isTotal
                        ? "for the manager that is given to HttpClients.custom().setConnectionManager(...)"
                        : "setMaxConnTotal to no less, for the manager of HttpClients.custom().setConnectionManager(...)");
    }

    @Override
    public List<String> enlargeRoute(int connections) {
        return List.of("manager.setMaxPerRoute(route, " + connections
                + "), which this route has of its own, and setMaxTotal to no less");
    }

    @Override
    public List<String> pool() {
        return List.of(
                "share a pool between threads instead of a BasicHttpClientConnectionManager:",
                "HttpClients.custom().setConnectionManager(new PoolingHttpClientConnectionManager()).build()");
    }

    @Override
    public List<String> buildOnce() {
        return List.of(
                "build the client once and share it: it is made for many threads; close it when the application ends",
                "static final CloseableHttpClient CLIENT = HttpClients.createDefault();",
                "clients that must differ can share a pool: setConnectionManager(m), setConnectionManagerShared(true)");
    }

    @Override
    public List<String> giveUpEarlier() {
        return List.of(
                "the time is spent upstream; RequestConfig.custom().setResponseTimeout(...) gives a connection back",
                "that it keeps waiting, setConnectionRequestTimeout(...) ends the queueing for one");
    }
}

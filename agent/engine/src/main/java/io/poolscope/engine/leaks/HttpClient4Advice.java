package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/**
 * Apache HttpClient 4.3 to 4.5. A response that is never closed holds its place in the pool for ever, also when it is
 * collected. Closing one whose end was not seen throws the connection away, even with no byte left, while closing its
 * stream, or {@code EntityUtils.consume}, reads on without limit and keeps it.
 */
final class HttpClient4Advice implements Advice {

    @Override
    public String leakCosts(long leaked, int limit) {
        return limit < 0
                ? leaked + " of its connections " + (leaked == 1 ? "is" : "are") + " gone for good"
                : leaked + " of its " + limit + " connections " + (leaked == 1 ? "is" : "are") + " gone for good";
    }

    @Override
    public List<String> close() {
        return List.of(
                "read what is small to its end, and close on every path, also on errors:",
                "try (CloseableHttpResponse response = client.execute(request)) {",
                "    EntityUtils.consume(response.getEntity()); // or toString, toByteArray: before anything can throw",
                "}");
    }

    @Override
    public List<String> readFirst() {
        return List.of(
                "if it comes back: read the body first, EntityUtils.toByteArray(response.getEntity()), work then;",
                "if not: close it on every path, with the body read to its end:",
                "try (CloseableHttpResponse response = client.execute(request)) {",
                "    EntityUtils.consume(response.getEntity());",
                "}");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        return outcome == Undrained.DISCARDED
                ? "each such close throws the connection away, even with no byte left"
                : "each such close reads the rest first, however long that is";
    }

    @Override
    public List<String> drain() {
        return List.of(
                "small bodies: read them to the end before closing, EntityUtils.consume(response.getEntity());",
                "who reads a stream himself: until read() returns -1, not just Content-Length bytes;",
                "large bodies that nobody wants: closing is right, ask for less (HEAD, filter_path, Range)");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of(
                "let go of idle connections before the server does, here for example:",
                "HttpClients.custom().setKeepAliveStrategy((response, context) -> " + millisBelow(millis)
                        + ") // milliseconds");
    }

    /** Two thirds of it, rounded down, as it is written in Java. */
    static String millisBelow(long millis) {
        long less = millis * 2 / 3;
        return less >= 1_000 ? less / 1_000 + "_000" : Long.toString(Math.max(1, less < 100 ? less : less / 100 * 100));
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        return List.of("HttpClients.custom()."
                + (isTotal ? "setMaxConnTotal(" + connections + ")" : "setMaxConnPerRoute(" + connections + ")")
                + (isTotal ? "" : ", and setMaxConnTotal to no less"));
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
                "the time is spent upstream; RequestConfig.setSocketTimeout(ms) gives a connection back that it",
                "keeps waiting, setConnectionRequestTimeout(ms) ends the queueing for one");
    }
}

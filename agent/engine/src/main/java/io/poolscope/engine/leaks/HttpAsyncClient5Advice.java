package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/**
 * The asynchronous client of Apache HttpClient 5. A consumer that says how much it can take, as all that come with the client
 * do, never holds its connection; one that stops saying so, or does not return, holds it until it goes on, for ever if nothing
 * ends the exchange. Cancelling does so only on a connection that was opened for it, in every version up to 5.6.5. Nothing is
 * closed undrained: who wants no more of a body cancels, or lets the rest come. Timeouts of the
 * queue are looked at only when something else happens to the pool, but for that of OFFLOCK. Elasticsearch's Rest5Client is
 * built on it.
 */
final class HttpAsyncClient5Advice implements Advice {

    private final HttpClient5Advice blocking;

    /** What is true of this version; of one that is not known, what is of the latest. */
    HttpAsyncClient5Advice(String version) {
        blocking = new HttpClient5Advice(version);
    }

    @Override
    public String leakCosts(long leaked, int limit) {
        return blocking.leakCosts(leaked, limit);
    }

    /** There are no responses to close. */
    @Override
    public String leak() {
        return "a connection was never given back";
    }

    @Override
    public String holder() {
        return "who had leased it";
    }

    @Override
    public List<String> close() {
        return List.of(
                "who leases an endpoint himself: releaseAndReuse() or releaseAndDiscard(), on every path;",
                "an exchange that is given up: let its consumer take the rest, and drop it; future.cancel(true)",
                "does nothing on a connection that had served before, up to 5.6.5 at least");
    }

    @Override
    public List<String> readFirst() {
        return List.of(
                "its consumer has not said that it can take more, or has not returned; the selector waits for it:",
                "if it goes on: take the body into memory first, SimpleResponseConsumer.create(), work then;",
                "if not: capacityChannel.update(...), and drop what comes; future.cancel(true) does nothing on a",
                "connection that had served before, up to 5.6.5 at least; setResponseTimeout(...) ends it late");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        return "each exchange that is ended before the end of its body has its connection thrown away";
    }

    @Override
    public List<String> drain() {
        return List.of(
                "small bodies: let the consumer take them to the end, and drop what comes;",
                "large bodies that nobody wants: ask for less (HEAD, Range)");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of(
                "let go of idle connections before the server does, here for example:",
                "HttpAsyncClients.custom().setKeepAliveStrategy(",
                "    (response, context) -> TimeValue.ofMilliseconds(" + HttpClient4Advice.millisBelow(millis) + "))");
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        return List.of(
                "PoolingAsyncClientConnectionManagerBuilder.create()."
                        + (isTotal ? "setMaxConnTotal(" : "setMaxConnPerRoute(") + connections + ")"
                        + (isTotal ? "" : ", and"),
                isTotal
                        ? "for the manager that is given to HttpAsyncClients.custom().setConnectionManager(...)"
                        : "setMaxConnTotal to no less, for HttpAsyncClients.custom().setConnectionManager(...)");
    }

    @Override
    public List<String> enlargeRoute(int connections) {
        return blocking.enlargeRoute(connections);
    }

    @Override
    public List<String> buildOnce() {
        return List.of(
                "build and start the client once and share it; close it when the application ends",
                "static final CloseableHttpAsyncClient CLIENT = HttpAsyncClients.createDefault();",
                "clients that must differ can share a pool: setConnectionManager(m), setConnectionManagerShared(true)");
    }

    @Override
    public List<String> giveUpEarlier() {
        return List.of(
                "the time is spent upstream; RequestConfig.custom().setResponseTimeout(...) gives a connection back",
                "that it keeps waiting, setConnectionRequestTimeout(...) ends the queueing for one, but (other than",
                "with PoolConcurrencyPolicy.OFFLOCK, 5.6 and newer) not before the pool is used again");
    }
}

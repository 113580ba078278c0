package io.poolscope.engine.leaks;

import io.poolscope.model.Client;
import io.poolscope.model.Undrained;
import java.util.List;

/**
 * What is true of one client, and what mends it there. One class for each client; nothing of it may lead into the next
 * report: who closes without reading to the end, as the first answer that comes to mind says, is told of undrained closes
 * next.
 *
 * <p>Texts are the ends of sentences or lines of code, 100 columns wide at most. Stateless.
 */
interface Advice {

    /** The advice for this client. */
    static Advice of(Client client) {
        switch (client.name()) {
            case "apache-httpclient-4":
                return client.version().startsWith("4.2") ? new HttpClient42Advice() : new HttpClient4Advice();
            case "apache-httpasyncclient-4":
                return new HttpAsyncClient4Advice();
            case "apache-httpclient-5":
                return "httpclient5-async".equals(client.label())
                        ? new HttpAsyncClient5Advice(client.version())
                        : new HttpClient5Advice(client.version());
            case "okhttp":
                return new OkHttpAdvice(client.version().startsWith("5."));
            default:
                return new PlainAdvice();
        }
    }

    /**
     * What leaks have cost until now: {@code 17 of its 20 connections are gone for good}.
     *
     * @param leaked how many leaks are not made up for
     * @param limit of how many connections, -1 if there is no limit
     */
    String leakCosts(long leaked, int limit);

    /** What a leak is, as people can see it in their code. */
    default String leak() {
        return "a response was never closed";
    }

    /** Whose collection proves a leak. */
    default String holder() {
        return "the response";
    }

    /** How a response is read and closed on every path. */
    List<String> close();

    /** What to do about a connection that was lost before anything was sent on it, for which no line is to blame. */
    default List<String> lostByTheClient() {
        return List.of("no line of yours: the client itself has lost it; look for a newer version of it");
    }

    /** What to do with a response that is held for long: give the connection back first, work then. */
    List<String> readFirst();

    /** What closing did with the connection, as it is told where no numbers are: {@code each close throws it away}. */
    String undrainedCosts(Undrained outcome);

    /** How not to close undrained. */
    List<String> drain();

    /** How not to reuse connections that the server has closed, which is after this many milliseconds or earlier. */
    List<String> closeEarlier(long millis);

    /**
     * How to have so many connections at once.
     *
     * @param isTotal whether the limit of the whole pool is meant, not that of a route
     */
    List<String> enlarge(int connections, boolean isTotal);

    /** As {@link #enlarge}, where this one route has a limit of its own. */
    default List<String> enlargeRoute(int connections) {
        return enlarge(connections, false);
    }

    /** How to have a pool instead of a single connection. */
    default List<String> pool() {
        return List.of("use a connection manager with a pool");
    }

    /** How to have one pool instead of one for each request. */
    default List<String> buildOnce() {
        return List.of("build the client once, share it between threads, and close it when the application ends");
    }

    /** How not to wait for an upstream for ever. */
    List<String> giveUpEarlier();
}

package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/**
 * Apache HttpAsyncClient 4. A consumer that takes the body as it comes never holds its connection; one that suspends its
 * input, or does not return, holds it until it goes on, for ever if nothing ends the exchange. A consumer that says it is
 * done before the end of the body has its connection thrown away. Timeouts of the queue are looked at only when something else happens to the pool. Elasticsearch's REST client of 7 and 8
 * is built on it.
 */
final class HttpAsyncClient4Advice implements Advice {

    @Override
    public String leakCosts(long leaked, int limit) {
        return new HttpClient4Advice().leakCosts(leaked, limit);
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
        return List.of("end every exchange that is given up: future.cancel(true), of client.execute(...)");
    }

    @Override
    public List<String> lostByTheClient() {
        return List.of(
                "a request that is cancelled just when it gets its connection takes it along, up to the newest 4.x;",
                "end what waits by setConnectionRequestTimeout(ms) and setConnectTimeout(ms) rather than cancel(), with",
                "connectionManager.validatePendingRequests() called by a timer (4.1.3 and newer)");
    }

    @Override
    public List<String> readFirst() {
        return List.of(
                "its consumer has suspended the input, or has not returned; the selector waits for it:",
                "if it goes on: take the body into memory first, as execute(request, callback) does, work then;",
                "if not: ioControl.requestInput(), or future.cancel(true) on every path that reads no further");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        return "a consumer that is done before the end of the body has its connection thrown away";
    }

    @Override
    public List<String> drain() {
        return List.of(
                "small bodies: let the consumer read to the end before isDone() says true or close() is called;",
                "large bodies that nobody wants: this is right, ask for less (HEAD, filter_path, Range)");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of(
                "let go of idle connections before the server does, here for example:",
                "HttpAsyncClients.custom().setKeepAliveStrategy((response, context) -> "
                        + HttpClient4Advice.millisBelow(millis) + ") // milliseconds");
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        String setter = isTotal ? "setMaxConnTotal(" : "setMaxConnPerRoute(";
        return List.of(
                "HttpAsyncClients.custom()." + setter + connections + ")"
                        + (isTotal ? "" : ", and setMaxConnTotal to no less"),
                "Elasticsearch: restClientBuilder.setHttpClientConfigCallback(b -> b." + setter + connections + "))");
    }

    @Override
    public List<String> giveUpEarlier() {
        return List.of(
                "the time is spent upstream; RequestConfig.setSocketTimeout(ms) gives a connection back that it",
                "keeps waiting; setConnectionRequestTimeout(ms) ends the queueing for one, but not before the pool is",
                "used again, or a timer calls connectionManager.validatePendingRequests() (4.1.3 and newer)");
    }
}

package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/**
 * OkHttp 4 and 5. There is no limit of connections: a response that is never closed costs an open socket, until OkHttp
 * looks for calls that were collected, which is at its next new connection or when the keep-alive of the pool is over (five
 * minutes unless set). What waits, waits in the dispatcher, which a leak does not fill. Closing undrained reads on for 100
 * ms, and throws the connection away if that was not enough.
 */
final class OkHttpAdvice implements Advice {

    private final boolean isFive;

    OkHttpAdvice(boolean isFive) {
        this.isFive = isFive;
    }

    @Override
    public String leakCosts(long leaked, int limit) {
        if (leaked == 0) {
            return "OkHttp has closed what was leaked by now";
        }
        return leaked + (leaked == 1 ? " connection stays" : " connections stay")
                + " open until OkHttp looks (at a new connection, or after its keep-alive)"
                + (isFive
                        ? "; 5.x may reuse " + (leaked == 1 ? "it with old bytes in it" : "them with old bytes in them")
                        : "");
    }

    @Override
    public List<String> close() {
        return List.of(
                "close on every path, also on errors; string() and bytes() read to the end:",
                "try (Response response = client.newCall(request).execute()) {",
                "    String body = response.body().string(); // before anything can throw",
                "}");
    }

    @Override
    public List<String> readFirst() {
        return List.of(
                "if it comes back: read the body first, response.body().bytes(), work then;",
                "if not: close it on every path, with the body read to its end:",
                "try (Response response = client.newCall(request).execute()) {",
                "    String body = response.body().string();",
                "}");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        return outcome == Undrained.DISCARDED
                ? "the rest did not come within 100 ms, so the connection was thrown away"
                : "each such close reads the rest first, for up to 100 ms";
    }

    @Override
    public List<String> drain() {
        return List.of(
                "small bodies: read them to the end before closing, response.body().string() or bytes();",
                "large bodies that nobody wants: closing is right, ask for less (HEAD, Range)");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of(
                "let go of idle connections before the server does, here for example:",
                "new OkHttpClient.Builder().connectionPool(new ConnectionPool(5, "
                        + HttpClient4Advice.millisBelow(millis) + ", MILLISECONDS))");
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        return List.of("client.dispatcher()."
                + (isTotal ? "setMaxRequests(" + connections + ")" : "setMaxRequestsPerHost(" + connections + ")")
                + (isTotal ? "" : ", and setMaxRequests to no less"));
    }

    @Override
    public List<String> buildOnce() {
        return List.of(
                "build the client once and share it: it is made for many threads",
                "static final OkHttpClient CLIENT = new OkHttpClient();",
                "clients that must differ can share its pool: CLIENT.newBuilder(), then their settings, then build()");
    }

    @Override
    public List<String> giveUpEarlier() {
        return List.of(
                "the time is spent upstream; new OkHttpClient.Builder().callTimeout(...) ends a call that it keeps",
                "waiting, and gives its place in the dispatcher to the next one");
    }
}

package io.poolscope.engine.leaks;

import io.poolscope.model.Undrained;
import java.util.List;

/** What holds for a client of which we know no better. */
final class PlainAdvice implements Advice {

    @Override
    public String leakCosts(long leaked, int limit) {
        return leaked + (limit < 0 ? "" : " of its " + limit) + " connections are held by leaks";
    }

    @Override
    public List<String> close() {
        return List.of("read the body to its end, and close the response on every path, also on errors");
    }

    @Override
    public List<String> readFirst() {
        return List.of("read the body first and close the response, work on what was read then");
    }

    @Override
    public String undrainedCosts(Undrained outcome) {
        return outcome == Undrained.DISCARDED
                ? "each such close throws the connection away"
                : "each such close reads the rest first";
    }

    @Override
    public List<String> drain() {
        return List.of("read small bodies to the end before closing; ask for less where nobody wants the body");
    }

    @Override
    public List<String> closeEarlier(long millis) {
        return List.of("let go of idle connections after less than " + millis + " ms, before the server does");
    }

    @Override
    public List<String> enlarge(int connections, boolean isTotal) {
        return List.of("allow " + connections + " connections " + (isTotal ? "in the pool" : "to a route"));
    }

    @Override
    public List<String> giveUpEarlier() {
        return List.of("the time is spent upstream; a response timeout gives connections back that it keeps waiting");
    }
}

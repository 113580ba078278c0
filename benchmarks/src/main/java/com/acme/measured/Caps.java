package com.acme.measured;

import com.acme.measured.http.Caller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Has more pools, routes and lossy lines than Poolscope tells apart, so that each of its bounds is reached. */
public final class Caps {

    private static final int POOLS = 55;
    /** Each loses a response, in a method of its own, because that is what series tell apart. */
    private static final List<Site> SITES = List.of(
            Caps::one,
            Caps::two,
            Caps::three,
            Caps::four,
            Caps::five,
            Caps::six,
            Caps::seven,
            Caps::eight,
            Caps::nine,
            Caps::ten,
            Caps::eleven);

    private Caps() {}

    /**
     * Runs it.
     *
     * @param arguments the library, then the origins that are asked
     */
    public static void main(String[] arguments) throws IOException {
        List<Caller> callers = new ArrayList<>();
        for (int pool = 0; pool < POOLS; pool++) {
            Caller caller = Caller.of(arguments[0]);
            callers.add(caller);
            for (int route = 1; route < arguments.length; route++) {
                caller.get(arguments[route] + "/");
                // On the same connection, which then is closed: so each of a route's histograms has something in it.
                caller.get(arguments[route] + "/last");
            }
        }
        for (Site site : SITES) {
            for (int route = 1; route < arguments.length; route++) {
                site.lose(callers.get(0), arguments[route] + "/large");
            }
        }
        Harness.reached("caps");
        // Still in use: a pool that is collected has no series of its own.
        callers.get(callers.size() - 1).get(arguments[1] + "/");
    }

    private static void one(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void two(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void three(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void four(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void five(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void six(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void seven(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void eight(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void nine(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void ten(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private static void eleven(Caller caller, String url) throws IOException {
        caller.getAndClose(url);
    }

    private interface Site {
        void lose(Caller caller, String url) throws IOException;
    }
}

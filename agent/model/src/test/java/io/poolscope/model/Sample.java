package io.poolscope.model;

import java.util.ArrayList;
import java.util.List;

/** Pools, routes and connections for tests, and what the shared tables and queues hold of them. */
final class Sample {

    static final Client CLIENT = Client.add("sample", "sample", "1.0", Client.ON);

    private Sample() {}

    static Route route() {
        return new Route(new Pool(CLIENT, true, null), "orders.example", 443, null);
    }

    static Connection openConnection() {
        Connection connection = new Connection(route());
        connection.opened();
        return connection;
    }

    /** Open, and has served a request. */
    static Connection idleConnection() {
        Connection connection = openConnection();
        Lease before = Lease.begin(connection);
        before.requestSent(null);
        before.end();
        return connection;
    }

    static boolean isOut(Lease lease) {
        return isIn(Lease.OUTSTANDING, lease);
    }

    static boolean isOut(Wait wait) {
        return isIn(Wait.OUTSTANDING, wait);
    }

    private static <T> boolean isIn(Outstanding<T> table, T wanted) {
        boolean[] found = new boolean[1];
        table.forEach(record -> found[0] |= record == wanted);
        return found[0];
    }

    /** Empties the queue of events. */
    static List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            events.add(event);
        }
        return events;
    }

    static long recorded(Route route, Timing timing) {
        Histogram histogram = route.timing(timing);
        long recorded = 0;
        if (histogram != null) {
            for (long count : histogram.counts()) {
                recorded += count;
            }
        }
        return recorded;
    }
}

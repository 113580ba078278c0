package io.poolscope.engine.pools;

import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import io.poolscope.model.Wait;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** How long the oldest wait and the oldest lease of each route have been out, from one walk over all that is. */
public final class Ages {

    private final long now = System.nanoTime();
    private final Map<Route, Long> waits = new IdentityHashMap<>();
    private final Map<Route, Long> leases = new IdentityHashMap<>();

    /** As it is now. */
    public Ages() {
        Wait.OUTSTANDING.forEach(wait -> waits.merge(wait.route(), now - wait.since(), Math::max));
        Lease.OUTSTANDING.forEach(lease -> leases.merge(lease.route(), now - lease.granted(), Math::max));
    }

    /** The oldest wait of these routes, in nanoseconds; 0 if nobody waits. */
    public long ofWaits(List<Route> routes) {
        return oldest(waits, routes);
    }

    /** The oldest lease of these routes, in nanoseconds; 0 if none is out. */
    public long ofLeases(List<Route> routes) {
        return oldest(leases, routes);
    }

    private static long oldest(Map<Route, Long> ages, List<Route> routes) {
        long oldest = 0;
        for (Route route : routes) {
            oldest = Math.max(oldest, ages.getOrDefault(route, 0L));
        }
        return oldest;
    }
}

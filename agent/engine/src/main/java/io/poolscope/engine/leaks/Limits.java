package io.poolscope.engine.leaks;

import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.List;

/** The limit that a route meets first, its own or that of its pool, and how much of it is in use. Immutable. */
public final class Limits {

    /** A route in trouble is watched closely from here on. */
    private static final double ALERT = 0.7;
    /** Of fewer connections a busy one is no news. */
    private static final int SMALL = 4;

    private final Route route;
    private final boolean isTotal;
    private final boolean isDispatcher;
    private final int limit;
    private final long used;

    private Limits(Route route, boolean isTotal, boolean isDispatcher, int limit, long used) {
        this.route = route;
        this.isTotal = isTotal;
        this.isDispatcher = isDispatcher;
        this.limit = limit;
        this.used = used;
    }

    /** As they stand now. Of a client that limits what its dispatcher runs, that is the limit. */
    public static Limits of(Route route) {
        Pool pool = route.pool();
        long ofRoute = route.count(Count.LEASES);
        long ofPool = 0;
        for (Route each : pool.routes()) {
            ofPool += each.count(Count.LEASES);
        }
        int routeLimit = route.limit() > 0 ? route.limit() : pool.routeLimit();
        int poolLimit = pool.limit();
        boolean isDispatcher = routeLimit <= 0 && poolLimit <= 0;
        if (isDispatcher) {
            routeLimit = pool.dispatcherHostLimit();
            poolLimit = pool.dispatcherLimit();
        }
        boolean isTotal =
                poolLimit > 0 && (routeLimit <= 0 || ofPool * (double) routeLimit > ofRoute * (double) poolLimit);
        int limit = isTotal ? poolLimit : routeLimit;
        return new Limits(route, isTotal, isDispatcher, limit > 0 ? limit : Pool.NO_LIMIT, isTotal ? ofPool : ofRoute);
    }

    /** Of several routes, of which there is at least one: those of the one that is nearest to its limit. */
    public static Limits of(List<Route> routes) {
        Limits worst = null;
        for (Route route : routes) {
            Limits limits = of(route);
            if (worst == null || limits.share() > worst.share()) {
                worst = limits;
            }
        }
        return worst;
    }

    private double share() {
        return limit > 0 ? used / (double) limit : -1;
    }

    /** The limit, {@link Pool#NO_LIMIT} if there is none. */
    public int limit() {
        return limit;
    }

    /** How many leases are out of those that it limits. */
    public long used() {
        return used;
    }

    /** Whether it is that of the whole pool. */
    public boolean isTotal() {
        return isTotal;
    }

    /** Whether it is that of a dispatcher, which only holds back requests that are handed to it. */
    public boolean isDispatcher() {
        return isDispatcher;
    }

    /** The routes that share it. */
    List<Route> routes() {
        return isTotal ? new ArrayList<>(route.pool().routes()) : List.of(route);
    }

    /** Whether every lease of the route should have its line taken; small pools are full all the time and mean nothing by it. */
    boolean isNearlyUsedUp() {
        return limit > 0
                && used > ALERT * limit
                && (limit >= SMALL || route.count(Count.PENDING) > 0)
                && route.pool().isBounded();
    }
}

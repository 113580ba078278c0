package io.poolscope.engine.leaks;

import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * The limit that a route meets first, its own or that of its pool, and how much of it is in use. Of clients whose limit is what
 * a dispatcher runs, that of its host or of the dispatcher. Immutable.
 */
public final class Limits {

    /** A route in trouble is watched closely from here on. */
    private static final double ALERT = 0.7;
    /** Of fewer connections a busy one is no news. */
    private static final int SMALL = 4;

    /** So many routes are named that use up what they share. */
    private static final int NAMED = 3;

    private final Route route;
    private final boolean isTotal;
    private final boolean isDispatcher;
    private final int ofRoute;
    private final long usedOfRoute;
    private final int ofPool;
    private final long usedOfPool;

    private Limits(
            Route route,
            boolean isTotal,
            boolean isDispatcher,
            int ofRoute,
            long usedOfRoute,
            int ofPool,
            long usedOfPool) {
        this.route = route;
        this.isTotal = isTotal;
        this.isDispatcher = isDispatcher;
        this.ofRoute = ofRoute > 0 ? ofRoute : Pool.NO_LIMIT;
        this.usedOfRoute = usedOfRoute;
        this.ofPool = ofPool > 0 ? ofPool : Pool.NO_LIMIT;
        this.usedOfPool = usedOfPool;
    }

    /** As they stand now. Of a client that limits what its dispatcher runs, that is the limit. */
    public static Limits of(Route route) {
        Pool pool = route.pool();
        long usedOfRoute = route.count(Count.LEASES);
        long usedOfPool = 0;
        for (Route each : pool.routes()) {
            usedOfPool += each.count(Count.LEASES);
        }
        int routeLimit = route.limit() > 0 ? route.limit() : pool.routeLimit();
        int poolLimit = pool.limit();
        boolean isDispatcher = routeLimit <= 0 && poolLimit <= 0;
        if (isDispatcher) {
            routeLimit = pool.dispatcherHostLimit();
            poolLimit = pool.dispatcherLimit();
        }
        boolean isTotal = poolLimit > 0
                && (routeLimit <= 0 || usedOfPool * (double) routeLimit > usedOfRoute * (double) poolLimit);
        return new Limits(route, isTotal, isDispatcher, routeLimit, usedOfRoute, poolLimit, usedOfPool);
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
        return limit() > 0 ? used() / (double) limit() : -1;
    }

    /** The limit, {@link Pool#NO_LIMIT} if there is none. */
    public int limit() {
        return isTotal ? ofPool : ofRoute;
    }

    /** How many leases are out of those that it limits. */
    public long used() {
        return isTotal ? usedOfPool : usedOfRoute;
    }

    /** Whether it is that of the whole pool. */
    public boolean isTotal() {
        return isTotal;
    }

    /** Whether it is that of a dispatcher, which only holds back requests that are handed to it. */
    public boolean isDispatcher() {
        return isDispatcher;
    }

    /** Whether the route has a limit of its own, which is not that of the pool's routes in general. */
    boolean isOwn() {
        return !isTotal && route.limit() > 0;
    }

    /** How many requests wait at it. */
    long waiting() {
        long waiting = 0;
        for (Route each : routes()) {
            waiting += each.count(Count.PENDING);
        }
        return waiting;
    }

    /** Which of the two it is, where there are two: {@code the route's limit}; else {@code the limit}. */
    String name() {
        if (ofRoute < 0 || ofPool < 0 || ofRoute == ofPool) {
            return "the limit";
        }
        if (route.pool().isBounded()) {
            return isTotal ? "the pool's limit" : "the route's limit";
        }
        return isTotal ? "the dispatcher's limit" : "the host's limit";
    }

    /**
     * What there is to say about the other limit, or about who shares this one; empty if there is nothing.
     *
     * @param tellsRoutes whether hosts may be named
     */
    String inWords(boolean tellsRoutes) {
        if (isTotal) {
            List<Route> users = new ArrayList<>(route.pool().routes());
            users.removeIf(each -> each.count(Count.LEASES) <= 0);
            if (users.isEmpty() || (users.size() == 1 && users.get(0) == route)) {
                return "";
            }
            return name() + " of " + ofPool + " binds: "
                    + (tellsRoutes ? shares(users) : users.size() + " routes share it");
        }
        if (ofPool < 0 || ofRoute < 0 || ofPool <= ofRoute) {
            return "";
        }
        return name() + " of " + ofRoute + " binds; "
                + (route.pool().isBounded() ? "the pool has " : "the dispatcher runs ")
                + usedOfPool + " of its " + ofPool + (usedOfPool >= ofPool ? ", and is used up, too" : "");
    }

    private static String shares(List<Route> users) {
        users.sort((a, b) -> Long.compare(b.count(Count.LEASES), a.count(Count.LEASES)));
        StringBuilder shares = new StringBuilder();
        for (Route each : users.subList(0, Math.min(NAMED, users.size()))) {
            shares.append(shares.length() == 0 ? "" : ", ").append(each).append(" has ");
            shares.append(each.count(Count.LEASES));
        }
        if (users.size() > NAMED) {
            shares.append(", ").append(users.size() - NAMED).append(" more the rest");
        }
        return shares.toString();
    }

    /** The routes that share it. */
    List<Route> routes() {
        return isTotal ? new ArrayList<>(route.pool().routes()) : List.of(route);
    }

    /** Whether every lease of the route should have its line taken; small pools are full all the time and mean nothing by it. */
    boolean isNearlyUsedUp() {
        int limit = limit();
        return limit > 0
                && used() > ALERT * limit
                && (limit >= SMALL || route.count(Count.PENDING) > 0)
                && route.pool().isBounded();
    }
}

package io.poolscope.engine.pools;

import io.poolscope.model.CloseReason;
import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What the routes of a series have together: the one way in which numbers of routes are added up, for every output. */
public final class Sums {

    private Sums() {}

    /** A count. */
    public static long count(List<Route> routes, Count what) {
        long sum = 0;
        for (Route route : routes) {
            sum += route.count(what);
        }
        return sum;
    }

    /** How many connections were closed for this reason. */
    public static long closes(List<Route> routes, CloseReason reason) {
        long sum = 0;
        for (Route route : routes) {
            sum += route.closes(reason);
        }
        return sum;
    }

    /** What was timed; {@linkplain Buckets#isEmpty() empty} if nothing was. */
    public static Buckets timing(List<Route> routes, Timing what) {
        Buckets sum = new Buckets();
        for (Route route : routes) {
            sum.add(route.timing(what));
        }
        return sum;
    }

    /** The connects that failed, by type of error. */
    public static Map<String, Buckets> failedCreates(List<Route> routes) {
        Map<String, Buckets> failed = new TreeMap<>();
        for (Route route : routes) {
            route.failedCreates()
                    .forEach((type, histogram) -> failed.computeIfAbsent(type, unused -> new Buckets())
                            .add(histogram));
        }
        return failed;
    }

    /** How many connections they may have together. */
    public static int connectionLimit(List<Route> routes) {
        return limit(
                routes, route -> route.limit() == Pool.NO_LIMIT ? route.pool().routeLimit() : route.limit());
    }

    /** How many requests to them a dispatcher runs; it counts by host: two ports of one host share what is told of each. */
    public static int requestLimit(List<Route> routes) {
        return limit(routes, route -> route.pool().dispatcherHostLimit());
    }

    /** What these routes may have together; none if one of them has none, or stands for a number of routes not known. */
    private static int limit(List<Route> routes, ToIntFunction<Route> ofOne) {
        int sum = 0;
        for (Route route : routes) {
            int limit = ofOne.applyAsInt(route);
            if (limit == Pool.NO_LIMIT || route.isOther()) {
                return Pool.NO_LIMIT;
            }
            sum += limit;
        }
        return sum;
    }

    /** What the connections that are open allow together; none where no server has said what it allows. */
    public static int streamLimit(List<Route> routes) {
        long sum = 0;
        for (Route route : routes) {
            if (route.streamLimit() == Pool.NO_LIMIT) {
                return Pool.NO_LIMIT;
            }
            sum += (route.count(Count.ACTIVE) + route.count(Count.IDLE)) * route.streamLimit();
        }
        return (int) Math.min(Integer.MAX_VALUE, sum);
    }

    /** The protocol that all of them speak, null if they do not, or if it is not known to be HTTP/2. */
    public static String protocol(List<Route> routes) {
        String protocol = routes.get(0).protocol();
        for (Route route : routes) {
            if (protocol != null && !protocol.equals(route.protocol())) {
                return null;
            }
        }
        return protocol;
    }
}

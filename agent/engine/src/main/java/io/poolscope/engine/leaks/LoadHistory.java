package io.poolscope.engine.leaks;

import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the routes that can be exhausted had counted during the last ten minutes, every half minute: to tell what has
 * changed. About 5 KB for each route that is used.
 */
final class LoadHistory {

    private static final long STEP = 30_000_000_000L;
    private static final int STEPS = 21;

    private final Map<Pool, Deque<Load>> byPool = new IdentityHashMap<>();
    private final Map<Route, Deque<Load>> byRoute = new IdentityHashMap<>();
    private long steppedAt;

    void tick(Collection<Route> routes, long now) {
        if (steppedAt != 0 && now - steppedAt < STEP) {
            return;
        }
        steppedAt = now;
        Set<Pool> pools = new HashSet<>();
        for (Route route : routes) {
            if (Limits.of(route).limit() != Pool.NO_LIMIT) {
                note(byRoute.computeIfAbsent(route, unused -> new ArrayDeque<>()), Load.of(List.of(route), now));
                pools.add(route.pool());
            }
        }
        for (Pool pool : pools) {
            note(byPool.computeIfAbsent(pool, unused -> new ArrayDeque<>()), Load.of(pool.routes(), now));
        }
        byRoute.keySet().retainAll(new HashSet<>(routes));
        byPool.keySet().retainAll(pools);
    }

    private static void note(Deque<Load> history, Load load) {
        history.addLast(load);
        if (history.size() > STEPS) {
            history.removeFirst();
        }
    }

    /** What came in the last half minute to minute, or since the start. */
    Load recent(Limits limits, long now) {
        Load present = Load.of(limits.routes(), now);
        Load before = null;
        for (Load load : history(limits)) {
            if (before == null || now - load.time >= STEP) {
                before = load;
            }
        }
        return before == null ? present.since(Load.of(List.of(), born(limits))) : present.since(before);
    }

    /** What came in half a minute some time ago, null if that was not two minutes ago; see {@link #age}. */
    Load earlier(Limits limits, long now) {
        Load from = null;
        for (Load load : history(limits)) {
            if (from != null) {
                return now - load.time >= 4 * STEP ? load.since(from) : null;
            }
            from = load;
        }
        return null;
    }

    /** How long ago what {@link #earlier} tells was. */
    long age(Limits limits, long now) {
        Deque<Load> history = history(limits);
        return history.isEmpty() ? 0 : now - history.peekFirst().time;
    }

    private Deque<Load> history(Limits limits) {
        Route route = limits.routes().get(0);
        Deque<Load> history = limits.isTotal() ? byPool.get(route.pool()) : byRoute.get(route);
        return history == null ? new ArrayDeque<>() : history;
    }

    private static long born(Limits limits) {
        return limits.routes().get(0).pool().born();
    }
}

package io.poolscope.engine.pools;

import io.poolscope.model.Pool;
import java.util.List;

/** A pool as it is exported: its attributes and its routes. Immutable. */
public final class PoolSeries {

    private final String name;
    private final String client;
    private final Pool pool;
    private final List<RouteSeries> routes;

    /** A pool under this name; {@code pool} is null for the one that stands for all past the bounds. */
    public PoolSeries(String name, String client, Pool pool, List<RouteSeries> routes) {
        this.name = name;
        this.client = client;
        this.pool = pool;
        this.routes = List.copyOf(routes);
    }

    /** {@code poolscope.pool.name}. */
    public String name() {
        return name;
    }

    /** {@code poolscope.client}: the instrumentation. */
    public String client() {
        return client;
    }

    /** The pool, for its limits; null for the one that stands for all past the bounds. */
    public Pool pool() {
        return pool;
    }

    /** Its routes. */
    public List<RouteSeries> routes() {
        return routes;
    }
}

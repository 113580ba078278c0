package io.poolscope.engine.pools;

import io.poolscope.model.Route;

/** What one call site did to one route: counters since the start, but for {@link #suspected}. Immutable. */
public final class SiteSeries {

    /** {@code code.function.name} where no call site was taken. */
    public static final String UNKNOWN = "unknown";

    /** Pool, host and {@code code.function.name} of what is past the bounds. */
    public static final String OTHER = Route.OTHER;

    /** {@code poolscope.pool.name}. */
    public final String pool;
    /** {@code poolscope.client}. */
    public final String client;
    /** {@code server.address}, null where routes are not to be told. */
    public final String host;
    /** {@code server.port}, -1 if there is none to tell. */
    public final int port;
    /** {@code poolscope.proxy.address}, null without a proxy. */
    public final String proxy;
    /** {@code code.function.name}: class and method, generated parts normalised. */
    public final String function;
    /** Responses collected without having been closed. */
    public final long leaks;
    /** Responses held now without progress: goes up and down. */
    public final long suspected;
    /** Responses closed undrained, connection thrown away. */
    public final long discarded;
    /** Responses closed undrained, the rest read by closing. */
    public final long drained;

    /** All of it. */
    public SiteSeries(
            String pool,
            String client,
            String host,
            int port,
            String proxy,
            String function,
            long leaks,
            long suspected,
            long discarded,
            long drained) {
        this.pool = pool;
        this.client = client;
        this.host = host;
        this.port = port;
        this.proxy = proxy;
        this.function = function;
        this.leaks = leaks;
        this.suspected = suspected;
        this.discarded = discarded;
        this.drained = drained;
    }
}

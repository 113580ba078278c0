package io.poolscope.engine.pools;

/** Everything that was counted since the start, in pools that are gone too. Immutable. */
public final class Totals {

    /** Pools that served a request. */
    public final long pools;
    /** Leases on which a request was sent. */
    public final long requests;
    /** Responses that were never closed. */
    public final long leaks;
    /** Responses that were closed before their end was seen. */
    public final long undrained;
    /** Requests that got no connection in the time allowed. */
    public final long timeouts;

    Totals(long pools, long requests, long leaks, long undrained, long timeouts) {
        this.pools = pools;
        this.requests = requests;
        this.leaks = leaks;
        this.undrained = undrained;
        this.timeouts = timeouts;
    }
}

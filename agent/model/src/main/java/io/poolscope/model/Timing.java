package io.poolscope.model;

/** What is timed for each route, each with the bounds of its histogram. */
public enum Timing {
    /** From asking to being granted, also where nobody had to wait. */
    WAIT_SUCCESS(Histogram.WAITS),
    /** From asking to giving up. */
    WAIT_TIMEOUT(Histogram.WAITS),
    /** From being granted to being released. */
    USE(Histogram.WAITS),
    /** From being granted to the head of the response. */
    RESPONSE(Histogram.WAITS),
    /** Opening a connection, TLS and tunnel included. */
    CREATE(Histogram.WAITS),
    /** From opening a connection to closing it. */
    LIFETIME(Histogram.LIFETIMES),
    /** How long a connection had been idle that was reused and answered. */
    IDLE_OK(Histogram.LIFETIMES),
    /** How long a connection had been idle that was reused and failed before it answered. */
    IDLE_STALE(Histogram.LIFETIMES),
    /** Time that closing a response spent reading the rest of its body. */
    DRAIN(Histogram.WAITS);

    final long[] bounds;

    Timing(long[] bounds) {
        this.bounds = bounds;
    }
}

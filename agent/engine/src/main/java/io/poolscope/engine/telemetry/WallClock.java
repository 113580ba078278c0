package io.poolscope.engine.telemetry;

import java.time.Instant;

/**
 * Wall-clock times in nanoseconds since 1970, from readings of {@link System#nanoTime()}, in which all durations are
 * measured.
 */
final class WallClock {

    /** What lay between the two clocks when this class was loaded. */
    private static final long FIXED = offset();

    private WallClock() {}

    /** Now. */
    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** When this was, by the wall clock as it is set now: for what happened a moment ago. */
    static long at(long nanoTime) {
        return nanoTime + offset();
    }

    /** When this was, the same at each call even if the wall clock is set: for the beginning of series. */
    static long since(long nanoTime) {
        return nanoTime + FIXED;
    }

    private static long offset() {
        return now() - System.nanoTime();
    }
}

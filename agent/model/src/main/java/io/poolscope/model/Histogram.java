package io.poolscope.model;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations over fixed bounds, striped so that threads that record at the same time seldom meet.
 *
 * <p>Recording is wait-free: a search over at most 18 bounds and two atomic additions. Reading sums the stripes; a
 * reading that races with a recording may miss it, never count it twice. Durations are in nanoseconds; a negative one
 * (clocks of other threads) counts as zero. A bound is inclusive, as OpenTelemetry's are. Thread-safe.
 */
public final class Histogram {

    private static final long MS = 1_000_000L;
    private static final long S = 1_000 * MS;

    /** Bounds for what a request waits for; 50 ms is the objective for waits, three minutes HttpClient 5's default limit. */
    static final long[] WAITS = {
        MS / 10,
        MS / 2,
        MS,
        5 * MS / 2,
        5 * MS,
        10 * MS,
        25 * MS,
        50 * MS,
        100 * MS,
        250 * MS,
        500 * MS,
        S,
        5 * S / 2,
        5 * S,
        10 * S,
        30 * S,
        60 * S,
        180 * S
    };

    /** Bounds for how long connections live or lie idle. */
    static final long[] LIFETIMES = {
        10 * MS, 50 * MS, 100 * MS, 500 * MS, S, 2 * S, 5 * S, 10 * S, 20 * S, 30 * S, 60 * S, 120 * S, 300 * S,
        600 * S, 1800 * S, 3600 * S
    };

    private static final int STRIPES =
            Integer.highestOneBit(Math.min(8, Math.max(1, Runtime.getRuntime().availableProcessors() * 2 - 1)));
    /** Longs on a cache line: stripes begin on lines of their own. */
    private static final int LINE = 8;

    private final long[] bounds;
    private final int stride;
    private final AtomicLongArray cells;

    /** A histogram over ascending upper bounds in nanoseconds; the array is not copied and must not change. */
    Histogram(long[] bounds) {
        this.bounds = bounds;
        // A stripe is its sum, then a count for each bound and one for what is above the last.
        this.stride = (bounds.length + 2 + LINE - 1) / LINE * LINE;
        this.cells = new AtomicLongArray(stride * STRIPES);
    }

    /** Records one duration. */
    public void record(long nanos) {
        long duration = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < bounds.length && duration > bounds[bucket]) {
            bucket++;
        }
        int base = stripe() * stride;
        cells.getAndAdd(base, duration);
        cells.getAndIncrement(base + 1 + bucket);
    }

    /** Adds all that another histogram over the same bounds holds. */
    void absorb(Histogram other) {
        long[] counts = other.counts();
        for (int bucket = 0; bucket < counts.length; bucket++) {
            cells.getAndAdd(1 + bucket, counts[bucket]);
        }
        cells.getAndAdd(0, other.sum());
    }

    /** The upper bounds in nanoseconds, ascending, without the last, infinite one. Not to be changed. */
    @SuppressWarnings("MS_EXPOSE_REP")
    public long[] bounds() {
        return bounds;
    }

    /** The counts, one for each bound and one for what is above the last: a fresh array. */
    public long[] counts() {
        long[] counts = new long[bounds.length + 1];
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            for (int bucket = 0; bucket < counts.length; bucket++) {
                counts[bucket] += cells.get(stripe * stride + 1 + bucket);
            }
        }
        return counts;
    }

    /** The sum of all durations, in nanoseconds. */
    public long sum() {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += cells.get(stripe * stride);
        }
        return sum;
    }

    private static int stripe() {
        // Thread ids are given out in order; the multiplication spreads neighbours (Fibonacci hashing).
        @SuppressWarnings("deprecation") // threadId() is Java 19
        long id = Thread.currentThread().getId();
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> 61) & (STRIPES - 1);
    }
}

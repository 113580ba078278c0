package io.poolscope.engine.telemetry;

import io.poolscope.model.Histogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The sum of some histograms over the same bounds, read once. What is exported as its count is the sum of what was read of
 * its buckets, so the two always agree. Not thread-safe.
 */
final class Buckets {

    private static final double NANOS = 1e9;

    private long[] bounds;
    private long[] counts;
    private long sum;

    /** Adds what a histogram holds; null adds nothing. */
    void add(Histogram histogram) {
        if (histogram == null) {
            return;
        }
        // Read before the counts: a recording in between is then missing in the sum, never in the count only.
        sum += histogram.sum();
        if (counts == null) {
            bounds = histogram.bounds();
            counts = histogram.counts();
        } else {
            long[] more = histogram.counts();
            for (int i = 0; i < counts.length; i++) {
                counts[i] += more[i];
            }
        }
    }

    /** Whether nothing was added. */
    boolean isEmpty() {
        return counts == null;
    }

    /** An empty one over the same bounds. */
    Buckets zero() {
        Buckets zero = new Buckets();
        zero.bounds = bounds;
        zero.counts = new long[counts.length];
        return zero;
    }

    /** The counts, merged to these bounds, all of which must be among the bounds that it has: exact, only coarser. */
    long[] counts(long[] coarser) {
        long[] merged = new long[coarser.length + 1];
        int to = 0;
        for (int from = 0; from < counts.length; from++) {
            while (to < coarser.length && (from == bounds.length || bounds[from] > coarser[to])) {
                to++;
            }
            merged[to] += counts[from];
        }
        return merged;
    }

    /** The counts. */
    long[] counts() {
        return counts;
    }

    /** The bounds in nanoseconds. */
    long[] bounds() {
        return bounds;
    }

    /** The sum in seconds. */
    double seconds() {
        return sum / NANOS;
    }

    /** Nanoseconds as seconds. */
    static double seconds(long nanos) {
        return nanos / NANOS;
    }

    /** Bounds in nanoseconds as the seconds that are exported. */
    static List<Double> seconds(long[] bounds) {
        List<Double> seconds = new ArrayList<>(bounds.length);
        for (long bound : bounds) {
            seconds.add(seconds(bound));
        }
        return Collections.unmodifiableList(seconds);
    }
}

package io.poolscope.engine.pools;

import io.poolscope.model.Histogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The sum of some histograms over the same bounds, read once. What is exported as its count is the sum of what was read of
 * its buckets, so the two always agree. Not thread-safe.
 */
public final class Buckets {

    private static final double NANOS = 1e9;

    private long[] bounds;
    private long[] counts;
    private long sum;

    /** Nothing yet. */
    public Buckets() {}

    /** Adds what a histogram holds; null adds nothing. */
    public void add(Histogram histogram) {
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
    public boolean isEmpty() {
        return counts == null;
    }

    /** An empty one over the same bounds. */
    public Buckets zero() {
        Buckets zero = new Buckets();
        zero.bounds = bounds;
        zero.counts = new long[counts.length];
        return zero;
    }

    /** The counts, merged to these bounds, all of which must be among the bounds that it has: exact, only coarser. */
    public long[] counts(long[] coarser) {
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
    public long[] counts() {
        return counts;
    }

    /** The bounds in nanoseconds. */
    public long[] bounds() {
        return bounds;
    }

    /** The sum in seconds. */
    public double seconds() {
        return sum / NANOS;
    }

    /** How many there are. */
    public long count() {
        long all = 0;
        if (counts != null) {
            for (long count : counts) {
                all += count;
            }
        }
        return all;
    }

    /**
     * What a share of them did not exceed, in seconds, as Prometheus' {@code histogram_quantile} has it: within a bucket all
     * are taken to lie evenly, and above the last bound nothing is known but that bound.
     *
     * @param share 0.95 for the 95th percentile
     * @return NaN if there is nothing
     */
    public double quantile(double share) {
        return counts == null ? Double.NaN : quantile(share, bounds, counts);
    }

    /** The same of these counts over these bounds in nanoseconds. */
    public static double quantile(double share, long[] bounds, long[] counts) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        if (all == 0) {
            return Double.NaN;
        }
        double rank = share * all;
        long below = 0;
        for (int i = 0; i < bounds.length; i++) {
            if (counts[i] > 0 && below + counts[i] >= rank) {
                double from = i == 0 ? 0 : bounds[i - 1];
                return (from + (bounds[i] - from) * (rank - below) / counts[i]) / NANOS;
            }
            below += counts[i];
        }
        return bounds[bounds.length - 1] / NANOS;
    }

    /** Nanoseconds as seconds. */
    public static double seconds(long nanos) {
        return nanos / NANOS;
    }

    /** Bounds in nanoseconds as the seconds that are exported. */
    public static List<Double> seconds(long[] bounds) {
        List<Double> seconds = new ArrayList<>(bounds.length);
        for (long bound : bounds) {
            seconds.add(seconds(bound));
        }
        return Collections.unmodifiableList(seconds);
    }
}

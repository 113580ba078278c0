package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A point of a histogram. The SDK's own factory of such points takes no exemplars. Immutable. */
final class BucketPoint implements HistogramPointData {

    private final long start;
    private final long time;
    private final Attributes attributes;
    private final List<Double> bounds;
    private final long[] counts;
    private final long count;
    private final double sum;
    private final List<DoubleExemplarData> exemplars;

    /**
     * A point.
     *
     * @param start when it began, in nanoseconds since 1970
     * @param time when it was read
     * @param bounds ascending, in seconds, without the last, infinite one
     * @param counts one for each bound and one for what is above the last; not copied, not to be changed
     * @param sum in seconds
     */
    BucketPoint(
            long start,
            long time,
            Attributes attributes,
            List<Double> bounds,
            long[] counts,
            double sum,
            List<DoubleExemplarData> exemplars) {
        this.start = start;
        this.time = time;
        this.attributes = attributes;
        this.bounds = bounds;
        this.counts = counts;
        long total = 0;
        for (long bucket : counts) {
            total += bucket;
        }
        this.count = total;
        this.sum = sum;
        this.exemplars = exemplars;
    }

    @Override
    public long getStartEpochNanos() {
        return start;
    }

    @Override
    public long getEpochNanos() {
        return time;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public double getSum() {
        return sum;
    }

    @Override
    public long getCount() {
        return count;
    }

    @Override
    public boolean hasMin() {
        return false;
    }

    @Override
    public double getMin() {
        return 0;
    }

    @Override
    public boolean hasMax() {
        return false;
    }

    @Override
    public double getMax() {
        return 0;
    }

    @Override
    public List<Double> getBoundaries() {
        return bounds;
    }

    @Override
    public List<Long> getCounts() {
        return new Longs(counts);
    }

    @Override
    public List<DoubleExemplarData> getExemplars() {
        return exemplars;
    }

    /** An array as a list, without a box for each element that nobody asks for. */
    private static final class Longs extends AbstractList<Long> implements RandomAccess {

        private final long[] values;

        Longs(long[] values) {
            this.values = values;
        }

        @Override
        public Long get(int index) {
            return values[index];
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}

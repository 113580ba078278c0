package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Turns cumulative counters and histograms into delta ones, if that is what the exporter behind it wants. Nobody in the SDK
 * does that to what a producer makes. Up-down counters and gauges stay as they are.
 *
 * <p>What was sent is remembered only when it has arrived, so that nothing is lost while a receiver is down: the next delta
 * covers that time too. A series that did not change is not sent. One that vanishes and comes back goes on where it was, as
 * long as not more than {@link #VANISHED} others have vanished since. One whose numbers fell, or which began anew, is sent
 * whole. Called by one reader, which does not call again before the result is there.
 */
final class DeltaConverting implements MetricExporter {

    /** So many series that are no longer there are remembered. */
    private static final int VANISHED = 4096;

    private final MetricExporter exporter;
    private final boolean sums;
    private final boolean histograms;
    /** What has arrived, the series that came last at the end. */
    private final Map<Series, Sent> sent = new LinkedHashMap<>();

    private DeltaConverting(MetricExporter exporter, boolean sums, boolean histograms) {
        this.exporter = exporter;
        this.sums = sums;
        this.histograms = histograms;
    }

    /** The exporter, with a converter before it if it needs one. */
    static MetricExporter before(MetricExporter exporter) {
        boolean sums = wantsDelta(exporter, InstrumentType.COUNTER);
        boolean histograms = wantsDelta(exporter, InstrumentType.HISTOGRAM);
        return sums || histograms ? new DeltaConverting(exporter, sums, histograms) : exporter;
    }

    private static boolean wantsDelta(MetricExporter exporter, InstrumentType type) {
        return exporter.getAggregationTemporality(type) == AggregationTemporality.DELTA;
    }

    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
        Map<Series, Sent> pending = new LinkedHashMap<>();
        List<MetricData> converted = new ArrayList<>(metrics.size());
        synchronized (sent) {
            for (MetricData metric : metrics) {
                MetricData delta = convert(metric, pending);
                if (!delta.isEmpty()) {
                    converted.add(delta);
                }
            }
        }
        if (converted.isEmpty()) {
            commit(pending);
            return CompletableResultCode.ofSuccess();
        }
        CompletableResultCode result = exporter.export(converted);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                commit(pending);
            }
        });
        return result;
    }

    private void commit(Map<Series, Sent> pending) {
        synchronized (sent) {
            for (Map.Entry<Series, Sent> entry : pending.entrySet()) {
                sent.remove(entry.getKey());
                sent.put(entry.getKey(), entry.getValue());
            }
            Iterator<Series> eldest = sent.keySet().iterator();
            while (sent.size() > pending.size() + VANISHED) {
                eldest.next();
                eldest.remove();
            }
        }
    }

    private MetricData convert(MetricData metric, Map<Series, Sent> pending) {
        if (sums && metric.getType() == MetricDataType.LONG_SUM && isCumulativeCounter(metric)) {
            List<LongPointData> points = new ArrayList<>();
            for (LongPointData point : metric.getLongSumData().getPoints()) {
                add(points, sum(new Series(metric.getName(), point.getAttributes()), point, pending));
            }
            return Family.deltaSum(metric, points);
        }
        if (histograms
                && metric.getType() == MetricDataType.HISTOGRAM
                && metric.getHistogramData().getAggregationTemporality() == AggregationTemporality.CUMULATIVE) {
            List<HistogramPointData> points = new ArrayList<>();
            for (HistogramPointData point : metric.getHistogramData().getPoints()) {
                add(points, histogram(new Series(metric.getName(), point.getAttributes()), point, pending));
            }
            return Family.deltaHistogram(metric, points);
        }
        return metric;
    }

    private static boolean isCumulativeCounter(MetricData metric) {
        return metric.getLongSumData().isMonotonic()
                && metric.getLongSumData().getAggregationTemporality() == AggregationTemporality.CUMULATIVE;
    }

    private static <T> void add(List<T> points, T point) {
        if (point != null) {
            points.add(point);
        }
    }

    /** What came since, null if nothing did. */
    private LongPointData sum(Series series, LongPointData point, Map<Series, Sent> pending) {
        Sent before = sent.get(series);
        long[] now = {point.getValue()};
        pending.put(series, new Sent(point, now, 0));
        if (before == null || before.isReset(point, now)) {
            return LongPointData.create(
                    beginning(before, point), point.getEpochNanos(), point.getAttributes(), point.getValue());
        }
        long delta = point.getValue() - before.counts[0];
        return delta == 0
                ? null
                : LongPointData.create(before.time, point.getEpochNanos(), point.getAttributes(), delta);
    }

    private BucketPoint histogram(Series series, HistogramPointData point, Map<Series, Sent> pending) {
        Sent before = sent.get(series);
        long[] now = counts(point);
        if (before == null || before.isReset(point, now)) {
            pending.put(series, new Sent(point, now, point.getSum()));
            return new BucketPoint(
                    beginning(before, point),
                    point.getEpochNanos(),
                    point.getAttributes(),
                    point.getBoundaries(),
                    now,
                    point.getSum(),
                    point.getExemplars());
        }
        long[] deltas = new long[now.length];
        boolean changed = false;
        for (int i = 0; i < now.length; i++) {
            deltas[i] = now[i] - before.counts[i];
            changed |= deltas[i] != 0;
        }
        if (!changed) {
            pending.put(series, new Sent(point, now, before.sum));
            return null;
        }
        double delta = Math.max(0, point.getSum() - before.sum);
        // What the receiver has if it adds up, which rounding may keep a little off the truth, but never further.
        pending.put(series, new Sent(point, now, before.sum + delta));
        return new BucketPoint(
                before.time,
                point.getEpochNanos(),
                point.getAttributes(),
                point.getBoundaries(),
                deltas,
                delta,
                since(before.time, point.getExemplars()));
    }

    /** A series that begins anew begins after what was sent of the one before it. */
    private static long beginning(Sent before, PointData point) {
        return before == null ? point.getStartEpochNanos() : Math.max(before.time, point.getStartEpochNanos());
    }

    private static List<DoubleExemplarData> since(long time, List<DoubleExemplarData> exemplars) {
        List<DoubleExemplarData> since = new ArrayList<>(exemplars.size());
        for (DoubleExemplarData exemplar : exemplars) {
            if (exemplar.getEpochNanos() > time) {
                since.add(exemplar);
            }
        }
        return since;
    }

    private static long[] counts(HistogramPointData point) {
        List<Long> list = point.getCounts();
        long[] counts = new long[list.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = list.get(i);
        }
        return counts;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return exporter.getAggregationTemporality(type);
    }

    @Override
    public Aggregation getDefaultAggregation(InstrumentType type) {
        return exporter.getDefaultAggregation(type);
    }

    @Override
    public MemoryMode getMemoryMode() {
        return exporter.getMemoryMode();
    }

    @Override
    public String toString() {
        return "delta to " + exporter;
    }

    /** A metric's name and attributes. */
    private static final class Series {

        private final String name;
        private final Attributes attributes;

        Series(String name, Attributes attributes) {
            this.name = name;
            this.attributes = attributes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Series
                    && ((Series) other).name.equals(name)
                    && ((Series) other).attributes.equals(attributes);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, attributes);
        }
    }

    /** What the receiver has of a series. */
    private static final class Sent {

        private final long start;
        private final long time;
        private final long[] counts;
        private final double sum;

        Sent(PointData point, long[] counts, double sum) {
            this.start = point.getStartEpochNanos();
            this.time = point.getEpochNanos();
            this.counts = counts;
            this.sum = sum;
        }

        boolean isReset(PointData point, long[] now) {
            if (point.getStartEpochNanos() != start || now.length != counts.length) {
                return true;
            }
            for (int i = 0; i < now.length; i++) {
                if (now[i] < counts[i]) {
                    return true;
                }
            }
            return false;
        }
    }
}

package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.resources.Resource;
import io.poolscope.engine.pools.Buckets;
import io.poolscope.engine.telemetry.Names.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The points of one collection, by metric. Not thread-safe. */
final class Harvest {

    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create(Names.SCOPE);

    private final Map<Metric, List<PointData>> points = new EnumMap<>(Metric.class);
    private final long now = WallClock.now();
    private long start;

    /** An empty one; what is added began then. */
    Harvest(long start) {
        this.start = start;
    }

    /** What is added from here on began then. */
    void beginning(long epochNanos) {
        start = Math.min(epochNanos, now);
    }

    void add(Metric metric, Attributes attributes, long value) {
        points(metric).add(LongPointData.create(start, now, attributes, value));
    }

    void add(Metric metric, Attributes attributes, double value) {
        points(metric).add(DoublePointData.create(start, now, attributes, value, Collections.emptyList()));
    }

    /** Adds a histogram over these of its bounds; an empty one adds nothing. */
    void add(Metric metric, Attributes attributes, Buckets buckets, long[] bounds) {
        add(metric, attributes, buckets, bounds, Collections.emptyList());
    }

    void add(Metric metric, Attributes attributes, Buckets buckets, long[] bounds, List<DoubleExemplarData> exemplars) {
        if (!buckets.isEmpty()) {
            points(metric)
                    .add(new BucketPoint(
                            start,
                            now,
                            attributes,
                            Buckets.seconds(bounds),
                            buckets.counts(bounds),
                            buckets.seconds(),
                            exemplars));
        }
    }

    private List<PointData> points(Metric metric) {
        return points.computeIfAbsent(metric, unused -> new ArrayList<>());
    }

    /** All that was added, as the SDK's exporters want it. */
    Collection<MetricData> families(Resource resource) {
        List<MetricData> families = new ArrayList<>(points.size());
        points.forEach((metric, list) -> families.add(Family.of(resource, SCOPE, metric, list)));
        return families;
    }
}

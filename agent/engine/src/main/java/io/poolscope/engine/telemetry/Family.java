package io.poolscope.engine.telemetry;

import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Collection;
import java.util.List;

/** A metric with its points, as exporters read it. The SDK has an interface for it, and no public class. Immutable. */
final class Family implements MetricData {

    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final String name;
    private final String description;
    private final String unit;
    private final MetricDataType type;
    private final Data<?> data;

    private Family(
            Resource resource,
            InstrumentationScopeInfo scope,
            String name,
            String description,
            String unit,
            MetricDataType type,
            Data<?> data) {
        this.resource = resource;
        this.scope = scope;
        this.name = name;
        this.description = description;
        this.unit = unit;
        this.type = type;
        this.data = data;
    }

    /** One of our metrics, cumulative; the points are of the class that goes with its kind. */
    static Family of(
            Resource resource, InstrumentationScopeInfo scope, Names.Metric metric, Collection<PointData> points) {
        boolean fractions = points.iterator().next() instanceof DoublePointData;
        MetricDataType type;
        Data<?> data;
        switch (metric.kind()) {
            case HISTOGRAM:
                type = MetricDataType.HISTOGRAM;
                data = HistogramData.create(AggregationTemporality.CUMULATIVE, cast(points));
                break;
            case GAUGE:
                type = fractions ? MetricDataType.DOUBLE_GAUGE : MetricDataType.LONG_GAUGE;
                data = fractions
                        ? GaugeData.createDoubleGaugeData(cast(points))
                        : GaugeData.createLongGaugeData(cast(points));
                break;
            default:
                type = MetricDataType.LONG_SUM;
                data = SumData.createLongSumData(
                        metric.kind() == Names.Kind.COUNTER, AggregationTemporality.CUMULATIVE, cast(points));
        }
        return new Family(resource, scope, metric.key(), metric.meaning(), metric.unit(), type, data);
    }

    /** The same sum, of other points, as delta. */
    static Family deltaSum(MetricData of, List<LongPointData> points) {
        return new Family(of, SumData.createLongSumData(true, AggregationTemporality.DELTA, points));
    }

    /** The same histogram, of other points, as delta. */
    static Family deltaHistogram(MetricData of, List<HistogramPointData> points) {
        return new Family(of, HistogramData.create(AggregationTemporality.DELTA, points));
    }

    private Family(MetricData of, Data<?> data) {
        this(
                of.getResource(),
                of.getInstrumentationScopeInfo(),
                of.getName(),
                of.getDescription(),
                of.getUnit(),
                of.getType(),
                data);
    }

    @SuppressWarnings("unchecked") // all points of a metric come from the one method that goes with its kind
    private static <T extends PointData> Collection<T> cast(Collection<PointData> points) {
        return (Collection<T>) points;
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return scope;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDescription() {
        return description;
    }

    @Override
    public String getUnit() {
        return unit;
    }

    @Override
    public MetricDataType getType() {
        return type;
    }

    @Override
    public Data<?> getData() {
        return data;
    }

    @Override
    public String toString() {
        return name + data;
    }
}

package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.engine.start.Settings;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Count;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Delta on wish, read from the bytes: what a receiver that adds up has is the truth. */
@ExtendWith(OtelProperties.class)
class DeltaTest {

    private final Shop shop = new Shop();
    private final PoolMetricProducer producer = new PoolMetricProducer(shop, new Exemplars());
    private OtlpSink sink;
    private MetricExporter exporter;

    /** What a receiver has that adds up deltas: by metric and attributes, counts of buckets, then the sum. */
    private final Map<String, double[]> received = new TreeMap<>();

    private final Map<String, Long> endOf = new TreeMap<>();
    private int read;

    @BeforeEach
    void listen() throws Exception {
        sink = new OtlpSink();
        exporter = DeltaConverting.before(OtlpHttpMetricExporter.builder()
                .setEndpoint(sink.endpoint() + "/v1/metrics")
                .setRetryPolicy(null)
                .setAggregationTemporalitySelector(AggregationTemporalitySelector.deltaPreferred())
                .build());
    }

    @AfterEach
    void close() {
        exporter.shutdown().join(5, TimeUnit.SECONDS);
        sink.close();
    }

    private boolean export() {
        CompletableResultCode result = exporter.export(producer.produce(Resource.getDefault()));
        result.join(10, TimeUnit.SECONDS);
        for (; read < sink.exports().size(); read++) {
            sink.exports().get(read).values().forEach(this::receive);
        }
        return result.isSuccess();
    }

    private void receive(Metric metric) {
        for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
            if (metric.getSum().getIsMonotonic()) {
                assertThat(metric.getSum().getAggregationTemporality())
                        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
                assertThat(point.getAsInt()).as(metric.getName()).isNotNegative();
                String series = metric.getName() + OtlpSink.attributes(point.getAttributesList());
                add(series, new double[] {point.getAsInt()});
                follows(series, point.getStartTimeUnixNano(), point.getTimeUnixNano());
            }
        }
        for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
            assertThat(metric.getHistogram().getAggregationTemporality())
                    .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
            double[] values = new double[point.getBucketCountsCount() + 2];
            for (int i = 0; i < point.getBucketCountsCount(); i++) {
                values[i] = point.getBucketCounts(i);
            }
            values[values.length - 2] = point.getCount();
            values[values.length - 1] = point.getSum();
            String series = metric.getName() + OtlpSink.attributes(point.getAttributesList());
            add(series, values);
            follows(series, point.getStartTimeUnixNano(), point.getTimeUnixNano());
        }
    }

    private void add(String series, double[] values) {
        double[] sum = received.computeIfAbsent(series, unused -> new double[values.length]);
        for (int i = 0; i < values.length; i++) {
            sum[i] += values[i];
        }
    }

    /** Intervals of a series do not overlap. */
    private void follows(String series, long start, long end) {
        assertThat(start)
                .as(series)
                .isGreaterThanOrEqualTo(endOf.getOrDefault(series, 0L))
                .isLessThan(end);
        endOf.put(series, end);
    }

    /** What is true now, in the same shape, of everything that has ever happened. */
    private Map<String, double[]> truth() throws Exception {
        try (OtlpSink cumulative = new OtlpSink();
                MetricExporter direct = OtlpHttpMetricExporter.builder()
                        .setEndpoint(cumulative.endpoint() + "/v1/metrics")
                        .build()) {
            direct.export(producer.produce(Resource.getDefault())).join(10, TimeUnit.SECONDS);
            Map<String, double[]> truth = new TreeMap<>();
            for (Metric metric : cumulative.exports().get(0).values()) {
                for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
                    if (metric.getSum().getIsMonotonic()) {
                        truth.put(
                                metric.getName() + OtlpSink.attributes(point.getAttributesList()),
                                new double[] {point.getAsInt()});
                    }
                }
                for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
                    double[] values = new double[point.getBucketCountsCount() + 2];
                    for (int i = 0; i < point.getBucketCountsCount(); i++) {
                        values[i] = point.getBucketCounts(i);
                    }
                    values[values.length - 2] = point.getCount();
                    values[values.length - 1] = point.getSum();
                    truth.put(metric.getName() + OtlpSink.attributes(point.getAttributesList()), values);
                }
            }
            return truth;
        }
    }

    private void assertThatTheReceiverHasTheTruth() throws Exception {
        Map<String, double[]> truth = truth();
        assertThat(received.keySet()).isEqualTo(truth.keySet());
        truth.forEach((series, values) -> {
            double[] has = received.get(series);
            for (int i = 0; i < values.length; i++) {
                if (i > 0 && i == values.length - 1) {
                    assertThat(has[i]).as(series + " sum").isCloseTo(values[i], within(values[i]));
                } else {
                    assertThat(has[i]).as(series + " " + i).isEqualTo(values[i]);
                }
            }
        });
    }

    /** The last digit of a double. Two of its units, because AssertJ compares as they are printed, which can be nearly two. */
    private static org.assertj.core.data.Offset<Double> within(double value) {
        return org.assertj.core.data.Offset.offset(2 * Math.ulp(value));
    }

    private static void something(Random random, Route route) {
        switch (random.nextInt(6)) {
            case 0:
                Shop.request(route, Shop.opened(route), null);
                break;
            case 1:
                Shop.opened(route).closed(CloseReason.values()[random.nextInt(CloseReason.values().length)]);
                break;
            case 2:
                Connection connection = new Connection(route);
                connection.opening();
                connection.failedToOpen("java.net.ConnectException");
                break;
            case 3:
                route.add(Count.WAIT_CANCELLED, 1);
                break;
            default:
                route.record(
                        Timing.values()[random.nextInt(Timing.values().length)],
                        Math.abs(random.nextLong() % 400_000_000_000L));
        }
    }

    @Test
    void theSumOfAllDeltasIsTheCumulativeTruth() throws Exception {
        Random random = new Random(1);
        Client client = Shop.client("storm");
        Route a = shop.pool("a", client, "a", 1);
        Route b = shop.pool("b", client, "b", 2);
        for (int round = 0; round < 20; round++) {
            for (int i = random.nextInt(30); i > 0; i--) {
                something(random, random.nextBoolean() ? a : b);
            }
            if (round == 7) {
                b = shop.pool("late", client, "c", 3);
            }
            if (random.nextInt(4) > 0) {
                assertThat(export()).isTrue();
            }
        }
        export();

        assertThatTheReceiverHasTheTruth();
    }

    @Test
    void nothingIsLostWhileTheReceiverIsDown() throws Exception {
        Route route = shop.pool("down", Shop.client("down"), "a", 1);
        Random random = new Random(2);
        something(random, route);
        assertThat(export()).isTrue();
        sink.status = 400;
        for (int i = 0; i < 50; i++) {
            something(random, route);
            assertThat(export()).isFalse();
        }
        sink.status = 200;
        something(random, route);
        assertThat(export()).isTrue();

        assertThatTheReceiverHasTheTruth();
    }

    @Test
    void aSeriesThatVanishesAndComesBackGoesOn() throws Exception {
        Route route = shop.pool("flickers", Shop.client("flickers"), "a", 1);
        Shop.request(route, Shop.opened(route), null);
        export();
        var hidden = shop.pools().get(0);
        shop.hide("flickers");
        export();
        Shop.request(route, Shop.opened(route), null);
        shop.show(hidden);
        export();

        assertThatTheReceiverHasTheTruth();
    }

    @Test
    void aPoolThatIsBuiltAnewUnderTheSameNameAddsToTheOldOne() throws Exception {
        Client client = Shop.client("anew");
        Route first = shop.pool("anew", client, "a", 1);
        first.add(Count.WAIT_FAILED, 5);
        export();
        shop.hide("anew");
        Route second = shop.pool("anew", client, "a", 1);
        second.add(Count.WAIT_FAILED, 7);
        export();

        assertThat(received.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("poolscope.lease.abandoned")
                                && entry.getKey().contains("failed"))
                        .findFirst()
                        .orElseThrow()
                        .getValue())
                .containsExactly(12);
    }

    @Test
    void whatGoesUpAndDownStaysAsItIs() {
        Route route = shop.pool("gauges", Shop.client("updown"), "a", 1);
        route.add(Count.LEASES, 3);
        export();
        export();

        for (Map<String, Metric> one : sink.exports()) {
            Metric active = one.get("poolscope.lease.active");
            assertThat(active.getSum().getAggregationTemporality())
                    .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            assertThat(active.getSum().getDataPoints(0).getAsInt()).isEqualTo(3);
            assertThat(one.get("poolscope.wait.oldest_age").hasGauge()).isTrue();
        }
    }

    @Test
    void whatDidNotChangeIsNotSent() {
        Route route = shop.pool("still", Shop.client("still"), "a", 1);
        Shop.request(route, Shop.opened(route), null);
        shop.site(new SiteSeries("still", "still", "a", 1, null, "Stock.level", 1, 0, 0, 0));
        export();
        export();

        assertThat(sink.exports().get(0)).containsKeys("poolscope.lease.granted", "poolscope.response.leaks");
        assertThat(sink.exports().get(1))
                .containsKeys("poolscope.lease.active")
                .doesNotContainKeys("poolscope.lease.granted", "poolscope.response.leaks", "poolscope.lease.use_time");
    }

    @Test
    void elasticMeansDeltaUnlessATemporalityIsSet() {
        assertThat(temporalityOf("backend=elastic")).isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
        assertThat(temporalityOf("")).isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        OtelProperties.set("otel.exporter.otlp.metrics.temporality.preference", "cumulative");
        assertThat(temporalityOf("backend=elastic"))
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        OtelProperties.set("otel.exporter.otlp.metrics.temporality.preference", "delta");
        assertThat(temporalityOf("")).isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
    }

    private AggregationTemporality temporalityOf(String arguments) {
        shop.pool("elastic" + sink.exports().size(), Shop.client("elastic"), "a", 1);
        OtelProperties.sendTo(sink);
        Telemetry.start(Settings.of("port=off," + arguments, Map.of(), Map.of()), shop, "1.2.3", null, new Said())
                .close(10_000);
        return sink.exports()
                .get(sink.exports().size() - 1)
                .get("poolscope.lease.granted")
                .getSum()
                .getAggregationTemporality();
    }
}

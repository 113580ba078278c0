package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.poolscope.engine.start.Settings;
import io.poolscope.engine.telemetry.Names.Kind;
import io.poolscope.model.Connection;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import io.poolscope.model.Wait;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a receiver of OTLP gets, read from the bytes. */
@ExtendWith(OtelProperties.class)
class OtlpTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final Shop shop = new Shop();
    private final Said said = new Said();
    private OtlpSink sink;

    @BeforeEach
    void listen() throws Exception {
        sink = new OtlpSink();
    }

    @AfterEach
    void close() {
        sink.close();
        assertThat(said.lines).isEmpty();
    }

    private Map<String, Metric> export() {
        OtelProperties.sendTo(sink);
        Telemetry.start(Settings.of("port=off", Map.of(), Map.of()), shop, "1.2.3", null, said)
                .close(10_000);
        assertThat(sink.exports()).hasSize(1);
        return sink.exports().get(0);
    }

    @Test
    void everyMetricHasTheKindUnitAndDescriptionOfItsName() {
        Route route = shop.pool("otlp", Shop.client("otlp"), "stock", 8080);
        route.record(Timing.WAIT_SUCCESS, 1);
        route.limit(3);
        Shop.request(route, Shop.opened(route), null);

        Map<String, Metric> metrics = export();

        for (Names.Metric name : Names.Metric.values()) {
            Metric metric = metrics.remove(name.key());
            if (metric == null) {
                continue;
            }
            assertThat(metric.getUnit()).isEqualTo(name.unit());
            assertThat(metric.getDescription()).isEqualTo(name.meaning());
            assertThat(kind(metric)).as(name.key()).isEqualTo(name.kind());
        }
        assertThat(metrics).as("not among the names").isEmpty();
    }

    private static Kind kind(Metric metric) {
        switch (metric.getDataCase()) {
            case HISTOGRAM:
                assertThat(metric.getHistogram().getAggregationTemporality())
                        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
                return Kind.HISTOGRAM;
            case GAUGE:
                return Kind.GAUGE;
            default:
                assertThat(metric.getSum().getAggregationTemporality())
                        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
                return metric.getSum().getIsMonotonic() ? Kind.COUNTER : Kind.UP_DOWN_COUNTER;
        }
    }

    @Test
    void aHistogramIsConsistentInItself() {
        Route route = shop.pool("histogram", Shop.client("histogram"), "stock", 8080);
        route.record(Timing.WAIT_SUCCESS, 50_000_000);
        route.record(Timing.WAIT_SUCCESS, 3_000_000_000L);

        HistogramDataPoint point = export().get("poolscope.lease.wait_time").getHistogram().getDataPointsList().stream()
                .filter(one -> OtlpSink.attributes(one.getAttributesList()).containsValue("success"))
                .findFirst()
                .orElseThrow();

        assertThat(point.getExplicitBoundsList())
                .hasSize(18)
                .isSorted()
                .startsWith(0.0001)
                .endsWith(180.0);
        assertThat(point.getBucketCountsList()).hasSize(19);
        assertThat(point.getBucketCountsList().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(point.getCount())
                .isEqualTo(2);
        assertThat(point.getBucketCounts(point.getExplicitBoundsList().indexOf(0.05)))
                .isEqualTo(1);
        assertThat(point.getSum()).isEqualTo(3.05);
        assertThat(OtlpSink.attributes(point.getAttributesList()))
                .isEqualTo(Map.of(
                        "poolscope.pool.name",
                        "histogram",
                        "poolscope.client",
                        "histogram",
                        "poolscope.wait.outcome",
                        "success",
                        "server.address",
                        "stock",
                        "server.port",
                        8080L));
    }

    @Test
    void aSeriesBeginsWhenItsPoolWasBuilt() {
        long before = WallClock.now();
        Route route = shop.pool("begins", Shop.client("begins"), "stock", 8080);
        long built = WallClock.now();
        Shop.request(route, Shop.opened(route), null);

        Map<String, Metric> metrics = export();

        NumberDataPoint granted =
                metrics.get("poolscope.lease.granted").getSum().getDataPoints(0);
        long slack = 50_000_000; // the two clocks are read one after the other
        assertThat(granted.getStartTimeUnixNano()).isBetween(before - slack, built + slack);
        assertThat(granted.getTimeUnixNano()).isGreaterThanOrEqualTo(built).isLessThanOrEqualTo(WallClock.now());
        assertThat(metrics.get("poolscope.lease.use_time")
                        .getHistogram()
                        .getDataPoints(0)
                        .getStartTimeUnixNano())
                .isEqualTo(granted.getStartTimeUnixNano());
    }

    @Test
    void aLongWaitInASampledTraceIsAnExemplar() throws Exception {
        Route route = shop.pool("exemplar", Shop.client("exemplar"), "stock", 8080);
        OtelProperties.sendTo(sink);
        Telemetry telemetry = Telemetry.start(Settings.of("port=0", Map.of(), Map.of()), shop, "1.2.3", null, said);
        Waits.longWait(route, SAMPLED);
        Waits.events().forEach(telemetry::event);

        Scrape scrape = Scrape.of(telemetry.address(), "application/openmetrics-text");
        telemetry.close(10_000);

        HistogramDataPoint point = sink.exports()
                .get(0)
                .get("poolscope.lease.wait_time")
                .getHistogram()
                .getDataPoints(0);
        assertThat(point.getExemplarsList()).hasSize(1);
        assertThat(Waits.hex(point.getExemplars(0).getTraceId())).isEqualTo(TRACE);
        assertThat(Waits.hex(point.getExemplars(0).getSpanId())).isEqualTo("00f067aa0ba902b7");
        assertThat(point.getExemplars(0).getAsDouble()).isEqualTo(point.getSum());
        assertThat(scrape.type).contains("openmetrics");
        assertThat(scrape.exemplars).hasSize(1).allSatisfy((series, labels) -> {
            assertThat(series)
                    .contains("poolscope_lease_wait_time_seconds_bucket")
                    .contains("outcome=success");
            assertThat(labels).contains("trace_id=\"" + TRACE + "\"");
        });
    }

    @Test
    void aLongWaitInATraceThatIsNotSampledIsNoExemplar() throws Exception {
        Route route = shop.pool("unsampled", Shop.client("unsampled"), "stock", 8080);
        OtelProperties.sendTo(sink);
        Telemetry telemetry = Telemetry.start(Settings.of("port=off", Map.of(), Map.of()), shop, "1.2.3", null, said);
        Waits.longWait(route, "00-" + TRACE + "-00f067aa0ba902b7-00");
        Waits.events().forEach(telemetry::event);
        telemetry.close(10_000);

        HistogramDataPoint point = sink.exports()
                .get(0)
                .get("poolscope.lease.wait_time")
                .getHistogram()
                .getDataPoints(0);
        assertThat(point.getCount()).isEqualTo(1);
        assertThat(point.getExemplarsList()).isEmpty();
    }

    @Test
    void theResourceIsWhoThisIsAndTheUserWins() {
        OtelProperties.set("otel.resource.attributes", "host.name=mine,deployment.environment=test");
        OtelProperties.set("otel.service.name", "shop");
        shop.pool("resource", Shop.client("resource"), "stock", 8080);
        export();

        Map<String, Object> resource = OtlpSink.attributes(sink.resource().getAttributesList());

        assertThat(resource)
                .containsEntry("service.name", "shop")
                .containsEntry("host.name", "mine")
                .containsEntry("deployment.environment", "test")
                .containsEntry("process.pid", ProcessHandle.current().pid())
                .containsEntry("telemetry.distro.name", "poolscope")
                .containsEntry("telemetry.distro.version", "1.2.3")
                .containsKey("service.instance.id");
    }

    @Test
    void aConnectionIsCountedOnceInASumOverStates() {
        Route route = shop.pool("states", Shop.client("states"), "stock", 8080);
        Connection connection = Shop.opened(route);
        Wait.begin(route).granted(connection);

        long sum = export().get("http.client.open_connections").getSum().getDataPointsList().stream()
                .mapToLong(NumberDataPoint::getAsInt)
                .sum();

        assertThat(sum).isEqualTo(1);
    }
}

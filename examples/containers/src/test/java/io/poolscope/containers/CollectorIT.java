package io.poolscope.containers;

import static com.acme.planted.Planted.DRAINED;
import static com.acme.planted.Planted.TRACE;
import static io.poolscope.containers.Panels.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The two ways of OTLP into Prometheus: through the Collector, with the configuration that is shipped, and into the receiver that
 * Prometheus has itself. By each come the demo and what was planted, and the dashboards cannot tell either from a scrape.
 */
@Needs({Image.COLLECTOR, Image.PROMETHEUS})
@EnabledOnOs(
        value = OS.LINUX,
        disabledReason = "Prometheus stands in the host's network, where the programs send to it")
class CollectorIT {
    private static final String INTERVAL = "2000";
    private static final String EXEMPLARS = "--enable-feature=exemplar-storage";

    /** By which way; also the ending of the jobs that come by it. */
    enum Way {
        COLLECTOR,
        RECEIVER;

        private Program shop;
        private Program planted;

        /** Why nothing comes by it, or an empty string. */
        private String closed = "";

        String job(String program) {
            return program + "-" + name().toLowerCase(java.util.Locale.ROOT);
        }

        private String[] options(String program, String endpoint) {
            return new String[] {
                "-Dotel.service.name=" + job(program), "-Dotel.metric.export.interval=" + INTERVAL, endpoint
            };
        }
    }

    private static Collector collector;
    private static Prometheus prometheus;

    @BeforeAll
    static void start() throws Exception {
        boolean hasReceiver = Prometheus.help().contains("web.enable-otlp-receiver");
        collector = Collector.start();
        prometheus = Prometheus.start(
                "scrape_configs:\n- {job_name: collector, honor_labels: true, static_configs: [{targets: ['"
                        + collector.metrics() + "']}]}\n",
                hasReceiver ? new String[] {EXEMPLARS, "--web.enable-otlp-receiver"} : new String[] {EXEMPLARS});
        run(Way.COLLECTOR, "-Dotel.exporter.otlp.endpoint=" + collector.otlp());
        if (hasReceiver) {
            run(Way.RECEIVER, "-Dotel.exporter.otlp.metrics.endpoint=" + prometheus.url() + "/api/v1/otlp/v1/metrics");
        } else {
            Way.RECEIVER.closed = "this build of Prometheus has no receiver of OTLP";
            System.err.println("SKIPPED CollectorIT, what comes by the receiver: " + Way.RECEIVER.closed);
        }
        for (Way way : open()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(prometheus
                                    .now("poolscope_response_drain_time_seconds_count{job=\"" + way.job("planted")
                                            + "\"}")
                                    .sum())
                            .isEqualTo(DRAINED));
            way.planted.more("drain");
        }
    }

    private static List<Way> open() {
        return Stream.of(Way.values()).filter(way -> way.closed.isEmpty()).toList();
    }

    private static void run(Way way, String endpoint) throws Exception {
        way.shop = Program.shop(way.options("shop", endpoint));
        way.planted = Program.planted(way.options("planted", endpoint));
    }

    @AfterAll
    static void stop() throws Exception {
        for (Way way : Way.values()) {
            try (Program first = way.shop;
                    Program second = way.planted) {
                way.shop = null;
                way.planted = null;
            }
        }
        try (Prometheus first = prometheus;
                Collector second = collector) {
            prometheus = null;
            collector = null;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyQueryOfEveryPanelReturnsData(Way way) throws Exception {
        assumeTrue(way.closed.isEmpty(), way.closed);
        Panels.haveData(prometheus, way.job("shop"), way.job("planted"));
    }

    @ParameterizedTest
    @EnumSource
    void seriesAndNumbersAreThoseOfAScrape(Way way) {
        assumeTrue(way.closed.isEmpty(), way.closed);
        Panels.agree(prometheus, way.job("planted"), way.planted);
    }

    @ParameterizedTest
    @EnumSource
    void exemplarsComeAlong(Way way) {
        assumeTrue(way.closed.isEmpty(), way.closed);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(
                                prometheus.exemplars(Grafana.query("Wait for a connection: p50, p95, p99", "A")
                                        .with(java.util.Map.of("job", way.job("planted")))))
                        .contains("\"trace_id\":\"" + TRACE + "\""));
    }

    /** {@code instance} is the instance of the service, {@code job} its name, and what there is to know of it is beside it. */
    @ParameterizedTest
    @EnumSource
    void theResourceIsThere(Way way) throws Exception {
        assumeTrue(way.closed.isEmpty(), way.closed);
        List<Samples.Sample> info = prometheus
                .now("target_info{job=\"" + way.job("planted") + "\", telemetry_distro_name=\"poolscope\"}")
                .all();

        assertThat(info).hasSize(1);
        assertThat(info.get(0).label("instance")).hasSize(36);
        assertThat(prometheus
                        .now("count by (instance) ({job=\"" + way.job("planted") + "\", __name__=~\"poolscope_.+\"})")
                        .by("instance"))
                .containsOnlyKeys(info.get(0).label("instance"));
    }

    @Test
    void reportsAreLinesOfTheCollectorsLog() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(collector.log())
                        .contains("LEAK a response was never closed")
                        .contains("Planted$Leaky.lose"));
    }

    /**
     * With Elasticsearch's configuration added. A Collector that has its exporter takes it; of one that has not, that and the
     * processor before it are all that it complains of.
     */
    @Test
    void theConfigurationForElasticsearchIsValid() throws Exception {
        String complaint = collector.validate("collector.yaml", "elasticsearch.yaml");
        if (!complaint.isEmpty()) {
            Set<String> unknown = new TreeSet<>();
            Pattern.compile("unknown type: \"(\\w+)\"")
                    .matcher(complaint)
                    .results()
                    .forEach(found -> unknown.add(found.group(1)));
            assertThat(unknown).as(complaint).containsExactly("cumulativetodelta", "elasticsearch");
            String why = "this build of the Collector has no exporter for Elasticsearch";
            System.err.println("SKIPPED CollectorIT theConfigurationForElasticsearchIsValid: " + why);
            abort(why);
        }
    }
}

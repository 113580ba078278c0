package io.poolscope.containers;

import static com.acme.planted.Planted.CANCELLED;
import static com.acme.planted.Planted.DISCARDED;
import static com.acme.planted.Planted.DRAINED;
import static com.acme.planted.Planted.EVICTED;
import static com.acme.planted.Planted.FULL;
import static com.acme.planted.Planted.LEAKS;
import static com.acme.planted.Planted.ONE_ROUTE;
import static com.acme.planted.Planted.OTHER_ROUTE;
import static com.acme.planted.Planted.REFUSED;
import static com.acme.planted.Planted.STREAMS;
import static com.acme.planted.Planted.SYNCHRONOUS;
import static com.acme.planted.Planted.TIMEOUTS;
import static com.acme.planted.Planted.TRACE;
import static com.acme.planted.Planted.TWO_ROUTES;
import static com.acme.planted.Planted.WAITING;
import static io.poolscope.containers.Panels.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.poolscope.containers.Grafana.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Dashboards and rules on a real Prometheus that scrapes the demo, whose bugs nobody told the agent of, and a program that has
 * planted what the demo does not do, and then stands still.
 */
@Needs(Image.PROMETHEUS)
@EnabledOnOs(
        value = OS.LINUX,
        disabledReason = "agents listen on loopback, and Prometheus scrapes them from the host's network")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrometheusIT {
    private static final Map<String, String> SHOP = Map.of("job", "shop");
    private static final Map<String, String> STILL = Map.of("job", "planted");

    private static Program planted;
    private static Program shop;
    private static Prometheus prometheus;

    @BeforeAll
    static void start() throws Exception {
        planted = Program.planted();
        shop = Program.shop();
        prometheus = Prometheus.start(
                "scrape_configs:\n" + scrape("planted", planted.address()) + scrape("shop", shop.address()),
                "--enable-feature=exemplar-storage");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus
                                .now("poolscope_response_drain_time_seconds_count{job=\"planted\"}")
                                .sum())
                        .isEqualTo(DRAINED));
        planted.more("drain");
        planted.more("cancel");
    }

    private static String scrape(String job, String address) {
        return "- {job_name: " + job + ", static_configs: [{targets: ['" + address + "']}]}\n";
    }

    @AfterAll
    static void stop() throws Exception {
        try (Program first = planted;
                Program second = shop;
                Prometheus third = prometheus) {
            planted = null;
        }
    }

    @Test
    void everyQueryOfEveryPanelReturnsData() throws Exception {
        Panels.haveData(prometheus, "shop", "planted");
    }

    @Test
    void panelsShowWhatWasPlanted() throws Exception {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(prometheus
                                .now("poolscope_connection_leaked{job=\"planted\"}")
                                .sum())
                        .isEqualTo(LEAKS));

        assertThat(pools("In use, against the limits", "A"))
                .containsEntry(pool("Full"), (double) FULL)
                .containsEntry(pool("Leaky"), (double) LEAKS);
        assertThat(pools("In use, against the limits", "B")).containsEntry(pool("Full"), (double) FULL);
        assertThat(pools("In use, against the limits", "C")).containsEntry(pool("Leaky"), 10.0);
        assertThat(pools("In use, against the limits", "F")).isEqualTo(Map.of(okHttp("Streams"), (double) STREAMS));
        assertThat(pools("Limit in use", "A"))
                .isEqualTo(Map.of(
                        pool("Full"),
                        1.0,
                        pool("Leaky"),
                        LEAKS / 10.0,
                        pool("Impatient"),
                        1.0,
                        pool("TwoRoutes"),
                        1.0 / ONE_ROUTE + 1));
        assertThat(pools("Limit in use", "B")).containsEntry(pool("TwoRoutes"), (1.0 + OTHER_ROUTE) / TWO_ROUTES);
        assertThat(pools("Limit in use", "E")).isEqualTo(Map.of(okHttp("Streams"), 1.0 / STREAMS));
        assertThat(pools("Waiting", "A")).isEqualTo(Map.of(pool("Full"), (double) WAITING));
        assertThat(pools("Connections that leaks hold", "A")).isEqualTo(Map.of(pool("Leaky"), (double) LEAKS));
        assertThat(last("Held without being read", "A").by("code_function_name"))
                .isEqualTo(Map.of(
                        site("Full.hold"), (double) FULL, site("Impatient.plant"), 1.0, site("Streams.plant"), 1.0));
        assertThat(last("Who loses responses", "A").by("code_function_name"))
                .isEqualTo(Map.of(site("Leaky.lose"), (double) LEAKS));
        Samples undrained = last("Who closes without reading to the end", "A");
        assertThat(undrained.by("code_function_name"))
                .isEqualTo(
                        Map.of(site("Undrained.discard"), (double) DISCARDED, site("Undrained.drain"), 2.0 * DRAINED));
        assertThat(undrained.by("poolscope_undrained_outcome"))
                .isEqualTo(Map.of("discarded", (double) DISCARDED, "drained_on_close", 2.0 * DRAINED));

        assertThat(prometheus
                        .now(
                                "sum by (poolscope_pool_name) (poolscope_connection_create_time_seconds_count{job=\"planted\", error_type!=\"\"})")
                        .by("poolscope_pool_name"))
                .isEqualTo(Map.of(pool("Refused"), (double) REFUSED));
        assertThat(prometheus
                        .now("sum by (poolscope_wait_outcome) (poolscope_lease_abandoned_total{job=\"planted\"})")
                        .by("poolscope_wait_outcome"))
                .isEqualTo(Map.of("cancelled", 2.0 * CANCELLED));
        assertThat(prometheus
                        .now(
                                "poolscope_lease_wait_time_seconds_count{job=\"planted\", poolscope_wait_outcome=\"timeout\"}")
                        .by("poolscope_pool_name"))
                .isEqualTo(Map.of(pool("Impatient"), (double) TIMEOUTS));
    }

    /** More calls are in use than the dispatcher would run, and it lets them pass: it is a limit to nobody. */
    @Test
    void limitsOfTheDispatcherAreInUseWhileSomebodyWaits() throws Exception {
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(pools("In use, against the limits", "A"))
                    .containsEntry(okHttp("Synchronous"), (double) SYNCHRONOUS);
            assertThat(pools("Limit in use", "C")).isEqualTo(Map.of(okHttp("Synchronous"), (double) SYNCHRONOUS));
            assertThat(pools("Limit in use", "D")).isEqualTo(Map.of(okHttp("Synchronous"), (double) SYNCHRONOUS));

            assertThat(last("Most of a limit in use", "A").sum()).isEqualTo(1);
            assertThat(prometheus
                            .now(Grafana.query("poolscope-overview", "Routes at their limit", "A")
                                    .with(STILL))
                            .sum())
                    .as("Full, Impatient, one of TwoRoutes")
                    .isEqualTo(3);

            Map<String, String> dispatched = Map.of("job", "shop", "pool", "okhttp@com.acme.shop.Recommendations");
            assertThat(prometheus
                            .sinceStart(
                                    Grafana.query("Most of a limit in use", "A").with(dispatched))
                            .all())
                    .as("it waits there")
                    .anyMatch(sample -> sample.value() >= 1);
        });
    }

    /** What was cancelled since the first scrape; the panel's rates are of a second. */
    @Test
    void waitsThatEndOtherwiseAreAmongThoseThatEnd() throws Exception {
        Duration shown = Duration.ofMinutes(10);
        String ends = Grafana.query("How waits end", "A").with(STILL, shown);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus
                                        .now(ends)
                                        .with("poolscope_wait_outcome", "cancelled")
                                        .sum()
                                * shown.toSeconds())
                        .isCloseTo(CANCELLED, within(0.3)));
    }

    private static Samples last(String panel, String refId) throws Exception {
        return prometheus.now(Grafana.query(panel, refId).with(STILL));
    }

    private static Map<String, Double> pools(String panel, String refId) throws Exception {
        return last(panel, refId).by("poolscope_pool_name");
    }

    private static String pool(String name) {
        return "httpclient@" + site(name);
    }

    private static String okHttp(String name) {
        return "okhttp@" + site(name);
    }

    private static String site(String name) {
        return "com.acme.planted.Planted$" + name;
    }

    @Test
    void whatPrometheusHasIsWhatTheAgentServes() throws Exception {
        Panels.agree(prometheus, "planted", planted);

        // What does not stand still.
        double before = oldestWait(planted.metrics());
        await().atMost(PATIENCE).untilAsserted(() -> {
            double shown = last("Oldest wait", "A")
                    .with("poolscope_pool_name", pool("Full"))
                    .sum();
            assertThat(shown).isBetween(before, oldestWait(planted.metrics()));
        });
    }

    private static double oldestWait(Samples served) {
        return served.of("poolscope_wait_oldest_age_seconds")
                .with("poolscope_pool_name", pool("Full"))
                .sum();
    }

    /**
     * Of what goes on, what the agent counted between two looks is what the panels say of that time. Of pools that last: with one
     * that is built anew in between the agent's counts begin anew as well.
     */
    @Test
    void ratesAndSharesOfTheDemoAreThoseOfTheAgentsOwnCounts() throws Exception {
        String slow = "okhttp@com.acme.shop.Recommendations";
        String churning = "httpclient@com.acme.shop.Indexer";
        String waits = "poolscope_lease_wait_time_seconds_count";
        String uses = "poolscope_lease_use_time_seconds_sum";
        await("two scrapes of both, of which Prometheus makes a rate")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus
                                .now("min by (poolscope_pool_name) (count_over_time(" + waits
                                        + "{job=\"shop\"}[1m])) >= 2")
                                .by("poolscope_pool_name"))
                        .containsKeys(slow, churning));
        Samples first = shop.metrics();
        long from = System.nanoTime();
        Samples then = await("requests enough to compare, half a minute's at ten a second")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        shop::metrics,
                        now -> Stream.of(slow, churning)
                                .allMatch(pool ->
                                        delta(first, now, "poolscope_lease_granted_total", "poolscope_pool_name", pool)
                                                >= 300));
        double seconds = (System.nanoTime() - from) / 1e9;
        Duration window = Duration.ofSeconds(Math.round(seconds));

        for (String pool : List.of(slow, churning)) {
            String[] of = {"poolscope_pool_name", pool};
            double requests = delta(first, then, "poolscope_lease_granted_total", of);
            assertThat(requests).as(pool).isGreaterThan(20);
            assertThat(shown("Requests in a second", pool, window))
                    .as(pool)
                    .isCloseTo(requests / seconds, within(requests / seconds * 0.15));
            double busy = delta(first, then, uses, of) / seconds;
            assertThat(shown("Connections needed, on average", pool, window))
                    .as(pool)
                    .isCloseTo(busy, within(busy * 0.15));
            double reused = delta(
                    first, then, "poolscope_lease_granted_total", with(of, "poolscope_connection_reused", "true"));
            assertThat(shown("Reuse", pool, window)).as(pool).isCloseTo(reused / requests, within(0.05));
            assertThat(shown("Reuse by route", pool, window)).as(pool).isCloseTo(reused / requests, within(0.05));
            double asked = delta(first, then, waits, of);
            double timedOut = delta(first, then, waits, with(of, "poolscope_wait_outcome", "timeout"));
            assertThat(shown("Got a connection", pool, window)).as(pool).isCloseTo(1 - timedOut / asked, within(0.05));
            double quick = delta(
                    first,
                    then,
                    "poolscope_lease_wait_time_seconds_bucket",
                    with(of, "poolscope_wait_outcome", "success", "le", "0.05"));
            assertThat(shown("... within 50 ms", pool, window)).as(pool).isCloseTo(quick / asked, within(0.05));
        }
        assertThat(shown("... within 50 ms", slow, window)).isLessThan(0.95);
        assertThat(shown("Reuse", churning, window)).isLessThan(0.5);
    }

    /** A panel of a pool of the demo, which has one route, over this time: rates, or the numbers above in health. */
    private static double shown(String panel, String pool, Duration window) throws Exception {
        return prometheus
                .now(Grafana.query(panel, "A").with(Map.of("job", "shop", "pool", pool), window))
                .sum();
    }

    private static double delta(Samples first, Samples then, String name, String... labels) {
        return then.of(name).with(labels).sum() - first.of(name).with(labels).sum();
    }

    private static String[] with(String[] labels, String... more) {
        return Stream.concat(Arrays.stream(labels), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void variablesOfferWhatThereIsAndFilter() throws Exception {
        Query waiting = Grafana.query("Waiting", "A");
        Map<String, String> chosen =
                Map.of("job", "planted", "instance", planted.address(), "pool", pool("Full"), "route", "localhost");

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(prometheus.now(waiting.with(chosen)).all()).hasSize(1));
        assertThat(prometheus.now(waiting.with(chosen)).sum()).isEqualTo(WAITING);
        assertThat(values("job", Map.of())).containsExactlyInAnyOrder("planted", "shop");
        assertThat(values("instance", STILL)).containsExactly(planted.address());
        assertThat(values("pool", STILL))
                .contains(pool("Full"), okHttp("Streams"))
                .allMatch(name -> name.contains("planted"));
        assertThat(values("route", SHOP)).contains("warehouse", "recommender").doesNotContain("localhost");
    }

    /** {@code label_values(series, label)}, as Grafana asks for it. */
    private static List<String> values(String variable, Map<String, String> chosen) throws Exception {
        String query = Grafana.variables().get(variable).replaceFirst("^label_values\\((.*)\\)$", "$1");
        int comma = query.lastIndexOf(',');
        String series = new Query("", "", "", query.substring(0, comma), true).with(chosen);
        List<String> values = new ArrayList<>();
        prometheus
                .get("label/" + query.substring(comma + 1).strip() + "/values", "match[]", series)
                .forEach(value -> values.add(value.asText()));
        return values;
    }

    @Test
    void aWaitOfATraceIsAnExemplar() throws Exception {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(prometheus.exemplars(Grafana.query("Wait for a connection: p50, p95, p99", "A")
                                        .with(STILL)))
                                .contains("\"trace_id\":\"" + TRACE + "\""));
    }

    /** What the panel estimates is what there is. Late, as those that were planted first have to be forgotten: a minute. */
    @Test
    @Order(Integer.MAX_VALUE - 1)
    void socketsInTimeWaitAreThoseOfIdleConnectionsThatWereClosed() throws Exception {
        Samples evicted = planted.metrics()
                .of("poolscope_connection_closes_total")
                .with("poolscope_pool_name", pool("Evicted"), "poolscope_close_reason", "idle_evicted");
        assertThat(evicted.sum()).isEqualTo(EVICTED);
        int port = Integer.parseInt(evicted.all().get(0).label("server_port"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(inTimeWaitTo(port)).isZero());

        planted.more("evict");

        assertThat(inTimeWaitTo(port)).isEqualTo(EVICTED);
        String estimate = Grafana.query("Sockets in TIME_WAIT (estimate)", "A")
                .with(Map.of("job", "planted", "pool", pool("Evicted")), Duration.ofMinutes(1));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(prometheus.now(estimate).sum()).isCloseTo(EVICTED, within(0.5)));
    }

    private static long inTimeWaitTo(int port) throws Exception {
        String remote = String.format(":%04X", port);
        long count = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            count += Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(line -> line[2].endsWith(remote) && line[3].equals("06"))
                    .count();
        }
        return count;
    }

    /** Alerts that fire while the test runs. */
    private static final List<String> FIRING =
            List.of("firing PoolscopeExhausted " + pool("Full"), "firing PoolscopeLeak " + pool("Leaky"));

    /**
     * Other alerts are pending, or fire by now if the tests before took long; promtool plays the rest of their time. The last of all,
     * as it has something more planted: a leak, so that leaks have a rate.
     */
    @Test
    @Order(Integer.MAX_VALUE)
    void alertsFireOfWhatWasPlantedAndOfNothingElse() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(prometheus
                                .now("poolscope:leaked:sum{job=\"planted\", poolscope_limit=\"pool_connections\"} > 0")
                                .sum())
                        .isEqualTo(LEAKS));
        planted.more("leak");
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(alerts("planted"))
                        .containsAll(FIRING)
                        .extracting(alert -> alert.replaceFirst("^\\w+ ", ""))
                        .containsExactlyInAnyOrder(
                                "PoolscopeExhausted " + pool("Full"),
                                "PoolscopeLeak " + pool("Leaky"),
                                "PoolscopeLeakFillsPool " + pool("Leaky"),
                                "PoolscopeLeakSuspected " + pool("Full"),
                                "PoolscopeLeakSuspected " + pool("Impatient"),
                                "PoolscopeLeakSuspected " + okHttp("Streams"),
                                "PoolscopeSaturated " + pool("Full"),
                                "PoolscopeSaturated " + pool("Impatient"),
                                "PoolscopeSaturated " + pool("TwoRoutes"),
                                "PoolscopeUnsupported apache-httpclient-4"));
        await().untilAsserted(() -> Panels.tellAlerts(
                prometheus,
                "planted",
                prometheus
                        .now("ALERTS{job=\"planted\", alertstate=\"firing\"}")
                        .all()
                        .size()));
        assertThat(alerts("shop"))
                .noneMatch(alert -> alert.contains("Unsupported") || alert.contains("Tripped"))
                .noneMatch(alert -> alert.contains("firing PoolscopeLeak ") && !alert.matches(".*(Stock|Catalogue)"));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(alerts("shop"))
                        .contains(
                                "firing PoolscopeLeak httpclient@com.acme.shop.Stock",
                                "firing PoolscopeStale httpclient@com.acme.shop.Shipping"));

        Set<String> recorded = new TreeSet<>();
        for (JsonNode group : prometheus.get("rules").get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                assertThat(rule.get("health").asText()).as("%s", rule).isEqualTo("ok");
                if (rule.get("type").asText().equals("recording")) {
                    recorded.add(rule.get("name").asText());
                }
            }
        }
        assertThat(recorded).hasSizeGreaterThan(15);
        for (String name : recorded) {
            assertThat(prometheus.sinceStart(name).all()).as(name).isNotEmpty();
        }
    }

    /** State, name, and the pool or the client, which the names of pools begin with where nobody has named them. */
    private static Set<String> alerts(String job) throws Exception {
        Set<String> alerts = new TreeSet<>();
        for (Samples.Sample alert :
                prometheus.now("ALERTS{job=\"" + job + "\"}").all()) {
            String pool = alert.label("poolscope_pool") + alert.label("poolscope_pool_name");
            alerts.add(alert.label("alertstate") + " " + alert.label("alertname") + " "
                    + (pool.isEmpty() ? alert.label("poolscope_client") : pool));
        }
        return alerts;
    }

    @Test
    void promtoolFindsTheRulesRightAndEveryAlertFiresAndIsSilent() throws Exception {
        assertThat(prometheus.promtool("check", "rules", Prometheus.home("poolscope.rules.yaml")))
                .contains("SUCCESS");
        String[] tests = new java.io.File("../../dashboards/prometheus/tests").list();
        assertThat(tests).hasSizeGreaterThan(3);
        List<String> command = new ArrayList<>(List.of("test", "rules"));
        Arrays.stream(tests).map(test -> Prometheus.home("tests/" + test)).forEach(command::add);
        assertThat(prometheus.promtool(command.toArray(new String[0]))).contains("SUCCESS");
    }
}

package io.poolscope.containers;

import static com.acme.planted.Planted.CANCELLED;
import static com.acme.planted.Planted.DISCARDED;
import static com.acme.planted.Planted.DRAINED;
import static com.acme.planted.Planted.EVICTED;
import static com.acme.planted.Planted.FULL;
import static com.acme.planted.Planted.LEAKS;
import static com.acme.planted.Planted.STREAMS;
import static com.acme.planted.Planted.TIMEOUTS;
import static com.acme.planted.Planted.TRACE;
import static com.acme.planted.Planted.WAITING;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
class PrometheusIT {
    /** What the demo does not do: HTTP/2, closing that drains, servers that are not there, libraries that do not fit. */
    private static final Set<String> PLANTED = Set.of(
            "In use, against the limits F",
            "Limit in use E",
            "Time spent draining on close, p95 A",
            "Connections that could not be opened A",
            "Libraries not watched A");

    private static final Map<String, String> SHOP = Map.of("job", "shop");
    private static final Map<String, String> STILL = Map.of("job", "planted");
    private static final Duration PATIENCE = Duration.ofMinutes(4);

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
        List<Query> queries = Grafana.queries();
        assertThat(queries).hasSizeGreaterThan(80);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(withoutData(queries, SHOP)).isEqualTo(PLANTED));

        List<Query> notOfTheShop = queries.stream()
                .filter(query -> PLANTED.contains(query.toString()))
                .toList();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(
                        () -> assertThat(withoutData(notOfTheShop, STILL)).isEmpty());
    }

    private static Set<String> withoutData(List<Query> queries, Map<String, String> variables) throws Exception {
        Set<String> without = new TreeSet<>();
        for (Query query : queries) {
            if (query.ask(prometheus, variables).isEmpty()) {
                without.add(query.toString());
            }
        }
        return without;
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
                .isEqualTo(Map.of(pool("Full"), 1.0, pool("Leaky"), LEAKS / 10.0, pool("Impatient"), 1.0));
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
                .isEqualTo(Map.of(
                        site("Undrained.discard"), (double) DISCARDED, site("Undrained.drain"), (double) DRAINED));
        assertThat(undrained.by("poolscope_undrained_outcome"))
                .isEqualTo(Map.of("discarded", (double) DISCARDED, "drained_on_close", (double) DRAINED));
        assertThat(last("Limit in use", "A").all()).allMatch(sample -> sample.value() <= 1);
        assertThat(prometheus
                        .now("sum by (poolscope_wait_outcome) (poolscope_lease_abandoned_total{job=\"planted\"})")
                        .by("poolscope_wait_outcome"))
                .isEqualTo(Map.of("cancelled", (double) CANCELLED));
        assertThat(prometheus
                        .now(
                                "poolscope_lease_wait_time_seconds_count{job=\"planted\", poolscope_wait_outcome=\"timeout\"}")
                        .by("poolscope_pool_name"))
                .isEqualTo(Map.of(pool("Impatient"), (double) TIMEOUTS));
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

    /** Of what stands still, every number is the one that the agent itself serves. */
    @Test
    void whatPrometheusHasIsWhatTheAgentServes() throws Exception {
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            Samples served = planted.metrics();
            Samples stored = prometheus.now("{job=\"planted\", __name__=~\"poolscope_.+|http_client_.+\","
                    + " __name__!~\"poolscope_(wait|lease)_oldest_age_seconds\"}");
            for (Samples.Sample sample : served.all()) {
                String name = sample.label("__name__");
                if (name.matches("(poolscope|http_client)_.*")
                        && !name.matches("poolscope_(wait|lease)_oldest_age_seconds")) {
                    List<String> labels = new ArrayList<>();
                    sample.labels().forEach((label, value) -> labels.addAll(List.of(label, value)));
                    assertThat(stored.with(labels.toArray(new String[0])).sum())
                            .as("%s", sample)
                            .isEqualTo(sample.value());
                }
            }
        });
        double before = oldestWait(planted.metrics());
        Thread.sleep(Prometheus.INTERVAL.toMillis() + 500);
        double shown = last("Oldest wait", "A")
                .with("poolscope_pool_name", pool("Full"))
                .sum();
        assertThat(shown).isBetween(before, oldestWait(planted.metrics()));
    }

    private static double oldestWait(Samples served) {
        return served.of("poolscope_wait_oldest_age_seconds")
                .with("poolscope_pool_name", pool("Full"))
                .sum();
    }

    /** Of what goes on, what the agent counted between two looks is what the panels say of that time. */
    @Test
    void ratesAndSharesOfTheDemoAreThoseOfTheAgentsOwnCounts() throws Exception {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(shop.metrics()
                                .of("poolscope_response_leaks_total")
                                .sum())
                        .isGreaterThan(20));
        Samples first = shop.metrics();
        long from = System.nanoTime();
        Thread.sleep(40_000);
        Samples then = shop.metrics();
        double seconds = (System.nanoTime() - from) / 1e9;
        String window = "[" + Math.round(seconds) + "s]";

        String granted = "poolscope_lease_granted_total";
        double requests = delta(first, then, granted);
        assertThat(share("Requests in a second", window))
                .isCloseTo(requests / seconds, within(requests / seconds * 0.1));
        assertThat(share("Reuse", window))
                .isCloseTo(delta(first, then, granted, "poolscope_connection_reused", "true") / requests, within(0.05));
        String waits = "poolscope_lease_wait_time_seconds_count";
        double asked = delta(first, then, waits);
        assertThat(asked).isPositive();
        assertThat(share("Got a connection", window))
                .isCloseTo(1 - delta(first, then, waits, "poolscope_wait_outcome", "timeout") / asked, within(0.05));
        double quick = delta(
                first,
                then,
                "poolscope_lease_wait_time_seconds_bucket",
                "poolscope_wait_outcome",
                "success",
                "le",
                "0.05");
        assertThat(share("... within 50 ms", window)).isCloseTo(quick / asked, within(0.05));

        double leaksBefore = shop.metrics().of("poolscope_response_leaks_total").sum();
        Thread.sleep(Prometheus.INTERVAL.toMillis() + 500);
        double leaked = prometheus.now(Grafana.query("Leaked", "A").with(SHOP)).sum();
        assertThat(leaked)
                .isBetween(
                        leaksBefore,
                        shop.metrics().of("poolscope_response_leaks_total").sum());
    }

    /** The sum of a panel of the demo over this window: of rates, or of the numbers above in health. */
    private static double share(String panel, String window) throws Exception {
        String expression =
                Grafana.query(panel, "A").with(SHOP).replace("[10s]", window).replace("[10m]", window);
        return prometheus.now(expression).sum();
    }

    private static double delta(Samples first, Samples then, String name, String... labels) {
        return then.of(name).with(labels).sum() - first.of(name).with(labels).sum();
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
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            String now = Long.toString(System.currentTimeMillis() / 1000);
            String query =
                    Grafana.query("Wait for a connection: p50, p95, p99", "A").with(STILL);
            JsonNode found = prometheus.get("query_exemplars", "query", query, "start", "0", "end", now);
            assertThat(found.toString()).contains("\"trace_id\":\"" + TRACE + "\"");
        });
    }

    /** The estimate counts what really leaves a socket in TIME_WAIT on this side: connections that were idle and closed. */
    @Test
    void socketsInTimeWaitAreThoseOfIdleConnectionsThatWereClosed() throws Exception {
        try (Program fresh = Program.planted()) {
            Samples served = fresh.metrics();
            Samples.Sample evicted = served.of("poolscope_connection_closes_total")
                    .with("poolscope_pool_name", pool("Evicted"), "poolscope_close_reason", "idle_evicted")
                    .all()
                    .get(0);
            assertThat(evicted.value()).isEqualTo(EVICTED);
            assertThat(inTimeWaitTo(Integer.parseInt(evicted.label("server_port"))))
                    .isEqualTo(EVICTED);
        }
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

    @Test
    void everyRuleCanBeEvaluatedAndAlertsFire() throws Exception {
        Set<String> expected = new TreeSet<>(List.of(
                "planted PoolscopeExhausted",
                "planted PoolscopeLeak",
                "shop PoolscopeLeak",
                "planted PoolscopeUnsupported"));
        await().atMost(Duration.ofMinutes(8))
                .pollInterval(Duration.ofSeconds(5))
                .untilAsserted(() -> {
                    Set<String> firing = new TreeSet<>();
                    for (JsonNode group : prometheus.get("rules").get("groups")) {
                        for (JsonNode rule : group.get("rules")) {
                            assertThat(rule.get("health").asText())
                                    .as("%s", rule)
                                    .isIn("ok", "unknown");
                        }
                    }
                    prometheus
                            .now("ALERTS{alertstate=\"firing\"}")
                            .all()
                            .forEach(alert -> firing.add(alert.label("job") + " " + alert.label("alertname")));
                    assertThat(firing).containsAll(expected);
                });
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

package io.poolscope.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.poolscope.containers.Grafana.Query;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What has to hold of the panels, whichever way the numbers have come into Prometheus. */
final class Panels {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What the demo does not do: HTTP/2, closing that drains, servers that are not there, pools that are not watched. */
    private static final Set<String> NOT_OF_THE_SHOP = Set.of(
            "In use, against the limits F",
            "Limit in use E",
            "Time spent draining on close, p95 A",
            "Connections that could not be opened A",
            "Libraries not watched A");

    private Panels() {}

    /** Every query has data of the demo, but for those above, which have data of what was planted, and for alerts. */
    static void haveData(Prometheus prometheus, String shop, String planted) throws Exception {
        List<Query> queries =
                Grafana.queries().stream().filter(query -> !isOfAlerts(query)).toList();
        assertThat(queries).hasSizeGreaterThan(80);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(
                        () -> assertThat(without(prometheus, queries, shop)).isEqualTo(NOT_OF_THE_SHOP));

        List<Query> rest = queries.stream()
                .filter(query -> NOT_OF_THE_SHOP.contains(query.toString()))
                .toList();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(without(prometheus, rest, planted)).isEmpty());
    }

    /** Those of alerts, while so many fire. */
    static void tellAlerts(Prometheus prometheus, String job, int firing) throws Exception {
        List<Query> queries =
                Grafana.queries().stream().filter(Panels::isOfAlerts).toList();
        assertThat(queries).hasSize(2);
        for (Query query : queries) {
            assertThat(prometheus.now(query.with(Map.of("job", job))).sum())
                    .as("%s", query)
                    .isEqualTo(firing);
        }
    }

    private static boolean isOfAlerts(Query query) {
        return query.expression().contains("ALERTS{");
    }

    private static Set<String> without(Prometheus prometheus, List<Query> queries, String job) throws Exception {
        Set<String> without = new TreeSet<>();
        for (Query query : queries) {
            if (query.ask(prometheus, Map.of("job", job)).isEmpty()) {
                without.add(query.toString());
            }
        }
        return without;
    }

    /** Series by series, what Prometheus has of a program that stands still is what its agent serves: no more and no less. */
    static void agree(Prometheus prometheus, String job, Program still) {
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            Map<Map<String, String>, Double> served = series(still.metrics());
            assertThat(served).hasSizeGreaterThan(300);
            Map<Map<String, String>, Double> stored =
                    series(prometheus.now("{job=\"" + job + "\", __name__=~\"poolscope_.+|http_client_.+\"}"));
            assertThat(without(served, stored)).as("served").isEqualTo(without(stored, served));
        });
    }

    private static Map<Map<String, String>, Double> without(
            Map<Map<String, String>, Double> these, Map<Map<String, String>, Double> those) {
        Map<Map<String, String>, Double> rest = new HashMap<>(these);
        rest.entrySet().removeAll(those.entrySet());
        return rest;
    }

    /** Ages are left out, which do not stand still, and labels that tell by which way a series has come. */
    private static Map<Map<String, String>, Double> series(Samples samples) {
        Map<Map<String, String>, Double> series = new HashMap<>();
        for (Samples.Sample sample : samples.all()) {
            if (sample.label("__name__").matches("(poolscope|http_client)_.*(?<!_oldest_age_seconds|_created)")) {
                Map<String, String> labels = new HashMap<>(sample.labels());
                labels.keySet().removeIf(label -> label.matches("job|instance|otel_scope_.*"));
                labels.computeIfPresent("le", (label, bound) -> Samples.number(bound) + "");
                assertThat(series.put(labels, sample.value()))
                        .as("%s twice", sample)
                        .isNull();
            }
        }
        return series;
    }
}

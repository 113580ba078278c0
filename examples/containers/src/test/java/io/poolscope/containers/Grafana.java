package io.poolscope.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The queries of the dashboards that are committed, and what Grafana makes of them before it sends them. */
final class Grafana {
    private static final Path FOLDER = Path.of("../../dashboards/grafana");

    private Grafana() {}

    /** A query of a panel. */
    record Query(String dashboard, String panel, String refId, String expression, boolean isInstant) {
        /** As the user has chosen; a variable that is not named stands for all. Ten minutes are shown, in steps of ten seconds. */
        String with(Map<String, String> variables) {
            return with(variables, Duration.ofSeconds(10), Duration.ofMinutes(10));
        }

        /** The same over this time, in one step. */
        String with(Map<String, String> variables, Duration shown) {
            return with(variables, shown, shown);
        }

        private String with(Map<String, String> variables, Duration step, Duration shown) {
            String text = expression
                    .replace("$__rate_interval", step.toSeconds() + "s")
                    .replace("$__range", shown.toSeconds() + "s");
            for (String name : List.of("job", "instance", "pool", "route")) {
                String chosen = variables.get(name);
                text = text.replace("\"$" + name + "\"", "\"" + (chosen == null ? ".*" : escaped(chosen)) + "\"");
            }
            if (text.contains("$")) {
                String rest = text.replaceAll("\"[^\"]*\"", "");
                if (rest.contains("$")) {
                    throw new AssertionError("a variable that nobody fills in: " + text);
                }
            }
            return text;
        }

        /** What Grafana does to a value that it puts into a regular expression of Prometheus. */
        private static String escaped(String value) {
            return value.replace("\\", "\\\\\\\\").replaceAll("[$^*{}\\[\\]'+?.()|]", "\\\\\\\\$0");
        }

        /** Its answer, at the end or over time as the panel wants it. */
        Samples ask(Prometheus prometheus, Map<String, String> variables) throws IOException, InterruptedException {
            String text = with(variables);
            return isInstant ? prometheus.now(text) : prometheus.sinceStart(text);
        }

        @Override
        public String toString() {
            return panel + " " + refId;
        }
    }

    /** All of them. */
    static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
                for (JsonNode panel : dashboard.get("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        queries.add(new Query(
                                dashboard.get("uid").asText(),
                                panel.get("title").asText(),
                                target.get("refId").asText(),
                                target.get("expr").asText(),
                                target.get("instant").asBoolean()));
                    }
                }
            }
        }
        return queries;
    }

    /** The one with this letter of the panel with this title, in the dashboard of pools. */
    static Query query(String panel, String refId) throws IOException {
        return query("poolscope-pools", panel, refId);
    }

    /** The same of any dashboard. */
    static Query query(String dashboard, String panel, String refId) throws IOException {
        return queries().stream()
                .filter(query -> query.dashboard().equals(dashboard)
                        && query.panel().equals(panel)
                        && query.refId().equals(refId))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no panel " + panel + " " + refId));
    }

    /** The queries by which the variables get their values. */
    static Map<String, String> variables() throws IOException {
        Map<String, String> queries = new TreeMap<>();
        JsonNode dashboard = new ObjectMapper()
                .readTree(FOLDER.resolve("poolscope-pools.json").toFile());
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            if (variable.get("type").asText().equals("query")) {
                queries.put(
                        variable.get("name").asText(),
                        variable.get("query").get("query").asText());
            }
        }
        return queries;
    }
}

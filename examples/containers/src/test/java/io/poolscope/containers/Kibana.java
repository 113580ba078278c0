package io.poolscope.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is in a file of {@code dashboards/kibana}: what is asked here is what the saved objects themselves say. */
final class Kibana {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path FOLDER = Path.of("../../dashboards/kibana");
    private static final String TIME = "@timestamp";
    private final List<JsonNode> objects = new ArrayList<>();
    private final List<LensPanel> panels = new ArrayList<>();

    /** The saved objects of this file. */
    Kibana(String file) throws IOException {
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            objects.add(MAPPER.readTree(line));
        }
        for (JsonNode object : ofType("dashboard")) {
            for (JsonNode panel :
                    MAPPER.readTree(object.at("/attributes/panelsJSON").asText())) {
                if (panel.get("type").asText().equals("lens")) {
                    panels.add(new LensPanel(panel, this));
                }
            }
        }
    }

    private List<JsonNode> ofType(String type) {
        return objects.stream()
                .filter(object -> object.get("type").asText().equals(type))
                .toList();
    }

    List<LensPanel> panels() {
        return panels;
    }

    LensPanel panel(String title) {
        return panels.stream()
                .filter(panel -> panel.toString().equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no panel " + title));
    }

    /** The fields of the filters at the top, by what is written beside them. */
    Map<String, String> controls() throws IOException {
        Map<String, String> controls = new LinkedHashMap<>();
        for (JsonNode control : MAPPER.readTree(ofType("dashboard")
                .get(0)
                .at("/attributes/controlGroupInput/panelsJSON")
                .asText())) {
            controls.put(
                    control.at("/explicitInput/title").asText(),
                    control.at("/explicitInput/fieldName").asText());
        }
        return controls;
    }

    /** What the time picker and the filters at the top of a dashboard say. */
    record Shown(Instant from, Map<String, String> chosen) {
        Shown and(String field, String value) {
            Map<String, String> more = new HashMap<>(chosen);
            more.put(field, value);
            return new Shown(from, more);
        }

        ObjectNode query(String kql) {
            ObjectNode query = MAPPER.createObjectNode();
            var filters = query.putObject("bool").putArray("filter");
            filters.addObject().putObject("range").putObject(TIME).put("gte", from.toString());
            filters.add(Kql.query(kql));
            chosen.forEach(
                    (field, value) -> filters.addObject().putObject("term").put(field, value));
            return query;
        }
    }

    /** Every field of a metric that some panel aggregates. */
    Set<String> metrics() {
        Set<String> metrics = new TreeSet<>();
        panels.forEach(panel -> metrics.addAll(panel.metrics()));
        return metrics;
    }

    /** What a panel shows: a row for each set of values, without those that show no number. */
    record Row(Map<String, String> values, Map<String, Double> numbers) {}

    /** The columns of a saved search. */
    Set<String> columns(String id) {
        Set<String> columns = new TreeSet<>();
        search(id).at("/attributes/columns").forEach(column -> columns.add(column.asText()));
        return columns;
    }

    private JsonNode search(String id) {
        return ofType("search").stream()
                .filter(object -> object.get("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no search " + id));
    }

    /** The documents that a saved search finds, the newest first: of each what the search's columns show. */
    List<JsonNode> found(String id, Elasticsearch elasticsearch, Shown shown) throws Exception {
        JsonNode search = search(id);
        JsonNode source = MAPPER.readTree(
                search.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON").asText());
        ObjectNode body = MAPPER.createObjectNode();
        body.set("query", shown.query(source.at("/query/query").asText()));
        body.put("size", 1000);
        JsonNode sort = search.at("/attributes/sort/0");
        body.putArray("sort").addObject().put(sort.get(0).asText(), sort.get(1).asText());
        var fields = body.putArray("fields");
        search.at("/attributes/columns").forEach(fields::add);
        List<JsonNode> found = new ArrayList<>();
        String view = search.at("/references/0/id").asText();
        elasticsearch.search(pattern(view), body).at("/hits/hits").forEach(hit -> found.add(hit.get("fields")));
        return found;
    }

    /** The indices of a data view. */
    String pattern(String dataView) {
        return ofType("index-pattern").stream()
                .filter(view -> view.get("id").asText().equals(dataView))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no data view " + dataView))
                .at("/attributes/title")
                .asText();
    }
}

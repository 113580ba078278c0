package io.poolscope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.poolscope.dashboards.kibana.SavedObjects;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Names.Kind;
import io.poolscope.engine.telemetry.Names.Metric;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kibana's saved objects, as files. {@code ./mvnw test -pl dashboards -am -Dpoolscope.dashboards=write} writes them anew. That
 * their aggregations return what the demo did is shown by the container tests.
 */
class KibanaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String FOLDER = "kibana/";
    private static final Set<String> OF_THE_RECORD =
            Set.of("severity_text", "event_name", "body.text", "name", "duration", "trace_id");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?<!resource\\.)attributes\\.([\\w.]+)");
    private static final Pattern FIELD = Pattern.compile("(?:metrics|attributes|resource\\.attributes)\\.[\\w.]+");

    static Stream<String> names() {
        return SavedObjects.files().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileIsWhatTheDescriptionSays(String name) throws IOException {
        String content = SavedObjects.files().get(name);

        assertThat(Committed.written(FOLDER + name, content)).isEqualTo(content);
    }

    /** One object on a line, each with the version that Kibana needs to migrate it, and an id that the next import meets again. */
    @ParameterizedTest
    @MethodSource("names")
    void objectsHaveTheirVersionsAndIds(String name) throws IOException {
        Map<String, String> versions = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode object : objects(name)) {
            versions.put(
                    object.get("type").asText(),
                    object.get("typeMigrationVersion").asText());
            assertThat(object.get("coreMigrationVersion").asText()).isEqualTo("8.8.0");
            assertThat(object.get("id").asText()).startsWith("poolscope-");
            assertThat(ids.add(object.get("type").asText() + object.get("id").asText()))
                    .isTrue();
            assertThat(object.get("attributes").get("title").asText()).isNotBlank();
        }
        // Each of them was the newest of its type in Kibana 8.9, whose exports look like this; newer ones migrate them.
        assertThat(Map.of("index-pattern", "8.0.0", "search", "8.0.0", "dashboard", "8.9.0"))
                .containsAllEntriesOf(versions)
                .hasSizeBetween(versions.size(), versions.size() + 1);
    }

    /** Bookmarks, links and the next import rest on them. */
    @Test
    void idsStayWhatTheyAre() throws IOException {
        Set<String> ids = new TreeSet<>();
        for (String name : SavedObjects.files().keySet()) {
            objects(name).forEach(object -> ids.add(object.get("id").asText()));
        }

        assertThat(ids)
                .containsExactly(
                        "poolscope-durations",
                        "poolscope-logs",
                        "poolscope-metrics",
                        "poolscope-pools",
                        "poolscope-reports",
                        "poolscope-spans",
                        "poolscope-traces");
    }

    @Test
    void linksLeadToObjectsThatThereAre() throws IOException {
        Set<String> present = new TreeSet<>();
        Set<String> linked = new TreeSet<>();
        for (String name : SavedObjects.files().keySet()) {
            for (JsonNode object : objects(name)) {
                String app = object.get("type").asText().equals("search") ? "discover#/view/" : "#/view/";
                present.add("(" + app + object.get("id").asText() + ")");
            }
            Pattern.compile("\\([a-z]*#/view/[^)]*\\)")
                    .matcher(panels(name).toString())
                    .results()
                    .forEach(link -> linked.add(link.group()));
        }

        assertThat(linked).hasSize(4);
        assertThat(present).containsAll(linked);
    }

    /** What is referred to is in the same file, and every name that Kibana looks for is there: nothing to choose at import. */
    @ParameterizedTest
    @MethodSource("names")
    void referencesLeadToObjectsOfTheSameFile(String name) throws IOException {
        Set<String> present = new TreeSet<>();
        for (JsonNode object : objects(name)) {
            present.add(object.get("type").asText() + " " + object.get("id").asText());
        }
        JsonNode dashboard = dashboard(name);
        Map<String, String> references = new HashMap<>();
        for (JsonNode reference : dashboard.get("references")) {
            String target =
                    reference.get("type").asText() + " " + reference.get("id").asText();
            assertThat(present).contains(target);
            assertThat(references.put(reference.get("name").asText(), target)).isNull();
        }
        Set<String> needed = new TreeSet<>();
        for (JsonNode panel : panels(name)) {
            if (panel.has("panelRefName")) {
                needed.add(panel.get("panelIndex").asText() + ":"
                        + panel.get("panelRefName").asText());
            }
        }
        for (JsonNode object : objects(name)) {
            JsonNode source = object.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON");
            if (object.get("type").asText().equals("search")) {
                JsonNode only = object.get("references").get(0);
                assertThat(object.get("references")).hasSize(1);
                assertThat(read(source).get("indexRefName")).isEqualTo(only.get("name"));
                assertThat(present)
                        .contains(
                                only.get("type").asText() + " " + only.get("id").asText());
            }
        }
        for (JsonNode panel : lenses(name)) {
            JsonNode attributes = panel.get("embeddableConfig").get("attributes");
            attributes
                    .get("state")
                    .get("datasourceStates")
                    .get("formBased")
                    .get("layers")
                    .fieldNames()
                    .forEachRemaining(layer ->
                            needed.add(panel.get("panelIndex").asText() + ":indexpattern-datasource-layer-" + layer));
            for (JsonNode own : attributes.get("references")) {
                assertThat(references)
                        .containsEntry(
                                panel.get("panelIndex").asText() + ":"
                                        + own.get("name").asText(),
                                own.get("type").asText() + " " + own.get("id").asText());
            }
        }
        JsonNode controls =
                read(dashboard.get("attributes").get("controlGroupInput").get("panelsJSON"));
        controls.fieldNames().forEachRemaining(id -> needed.add("controlGroup_" + id + ":optionsListDataView"));
        assertThat(references.keySet()).isEqualTo(needed);
    }

    @ParameterizedTest
    @MethodSource("names")
    void panelsDoNotOverlapAndEachSaysWhatItAnswers(String name) throws IOException {
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : panels(name)) {
            JsonNode at = panel.get("gridData");
            assertThat(at.get("i")).isEqualTo(panel.get("panelIndex"));
            for (int x = at.get("x").asInt();
                    x < at.get("x").asInt() + at.get("w").asInt();
                    x++) {
                assertThat(x).isLessThan(48);
                for (int y = at.get("y").asInt();
                        y < at.get("y").asInt() + at.get("h").asInt();
                        y++) {
                    assertThat(cells.add(x + "," + y))
                            .as("%s at %d,%d", panel.get("title"), x, y)
                            .isTrue();
                }
            }
        }
        Set<String> titles = new HashSet<>();
        for (JsonNode panel : panels(name)) {
            if (panel.has("title")) {
                assertThat(titles.add(panel.get("title").asText()))
                        .as("%s is there twice", panel.get("title"))
                        .isTrue();
            }
        }
        for (JsonNode panel : lenses(name)) {
            assertThat(panel.get("title").asText()).isNotBlank();
            assertThat(panel.get("embeddableConfig").get("description").asText())
                    .endsWith(".");
        }
    }

    /** Columns are what Lens requires of them, and what draws them names columns that there are. */
    @ParameterizedTest
    @MethodSource("names")
    void columnsAreWhole(String name) throws IOException {
        for (JsonNode panel : lenses(name)) {
            JsonNode state = panel.get("embeddableConfig").get("attributes").get("state");
            JsonNode layer = state.at("/datasourceStates/formBased/layers/layer");
            Set<String> ids = new HashSet<>();
            layer.get("columns").fieldNames().forEachRemaining(ids::add);
            assertThat(layer.get("columnOrder")).hasSize(ids.size());
            boolean numbers = false;
            for (JsonNode id : layer.get("columnOrder")) {
                JsonNode column = layer.get("columns").get(id.asText());
                assertThat(column).as("%s %s", panel.get("title"), id).isNotNull();
                assertThat(column.fieldNames())
                        .toIterable()
                        .contains("label", "dataType", "operationType", "isBucketed");
                assertThat(numbers && column.get("isBucketed").asBoolean())
                        .as("buckets come first")
                        .isFalse();
                numbers |= !column.get("isBucketed").asBoolean();
                if (column.get("operationType").asText().equals("terms")) {
                    assertCanBeOrderedBy(column, layer.get("columns"));
                }
            }
            for (JsonNode id : layer.get("columnOrder")) {
                assertPartsAreThere(id.asText(), layer.get("columns"));
            }
            Pattern.compile("\"(?:columnId|metricAccessor|xAccessor|splitAccessor)\":\"([^\"]+)\"")
                    .matcher(state.get("visualization").toString())
                    .results()
                    .forEach(named -> assertThat(ids).contains(named.group(1)));
        }
    }

    /** Lens orders values by a number that is aggregated, or by an aggregation made for it; by a formula it cannot. */
    private static void assertCanBeOrderedBy(JsonNode terms, JsonNode columns) {
        JsonNode by = terms.at("/params/orderBy");
        if (by.get("type").asText().equals("custom")) {
            assertThat(terms.at("/params/orderAgg/operationType").asText()).isIn("sum", "max");
        } else {
            JsonNode number = columns.get(by.get("columnId").asText());
            assertThat(number).as("what %s is ordered by", terms).isNotNull();
            assertThat(number.has("references"))
                    .as("%s is ordered by a formula", terms)
                    .isFalse();
        }
    }

    /** Lens makes the parts of a formula when it is edited, not when it is loaded: without them it shows nothing. */
    private static void assertPartsAreThere(String id, JsonNode columns) {
        JsonNode column = columns.get(id);
        if (!column.get("operationType").asText().equals("formula")) {
            return;
        }
        String formula = column.at("/params/formula").asText();
        assertThat(column.get("references")).hasSize(1);
        JsonNode math = columns.get(column.get("references").get(0).asText());
        assertThat(math.get("operationType").asText()).isEqualTo("math");
        assertThat(math.at("/params/tinymathAst/name").asText()).isEqualTo("divide");
        assertThat(math.at("/params/tinymathAst/text").asText()).isEqualTo(formula);
        assertThat(math.at("/params/tinymathAst/args")).isEqualTo(math.get("references"));
        List<String> parts = new ArrayList<>();
        for (JsonNode part : math.get("references")) {
            assertThat(part.asText()).startsWith(id + "X");
            JsonNode aggregated = columns.get(part.asText());
            String filter = aggregated.at("/filter/query").asText();
            parts.add(aggregated.get("operationType").asText() + "("
                    + aggregated.get("sourceField").asText() + (filter.isEmpty() ? "" : ", kql='" + filter + "'")
                    + ")");
        }
        assertThat(String.join(" / ", parts)).isEqualTo(formula);
    }

    /**
     * What Lens can aggregate a field of type histogram by: not by how many values there are. What goes up and down is added up
     * only as a part of a share.
     */
    @Test
    void operationsSuitTheirFields() throws IOException {
        Map<String, Kind> kinds = new HashMap<>();
        for (Metric metric : Metric.values()) {
            kinds.put("metrics." + metric.key(), metric.kind());
        }
        for (String name : SavedObjects.files().keySet()) {
            for (JsonNode panel : lenses(name)) {
                for (JsonNode column : panel.at(
                        "/embeddableConfig/attributes/state/datasourceStates/formBased/layers/layer/columns")) {
                    Kind kind = kinds.get(column.path("sourceField").asText());
                    String operation = column.get("operationType").asText();
                    if (kind != null) {
                        List<String> suitable = kind == Kind.HISTOGRAM
                                ? List.of("percentile", "percentile_rank")
                                : kind == Kind.COUNTER
                                        ? List.of("sum")
                                        : column.get("label").asText().startsWith("Part of ")
                                                ? List.of("max", "sum")
                                                : List.of("max");
                        assertThat(suitable).as("%s", column).contains(operation);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void panelsAskOnlyForFieldsThatThereAre(String name) throws Exception {
        Set<String> known = attributes();
        for (Metric metric : Metric.values()) {
            known.add("metrics." + metric.key());
        }

        assertThat(known).containsAll(fields(name));
        for (JsonNode object : objects(name)) {
            for (JsonNode column : object.at("/attributes/columns")) {
                if (!OF_THE_RECORD.contains(column.asText())) {
                    assertThat(known).contains(column.asText());
                }
            }
        }
        for (JsonNode control :
                read(dashboard(name).get("attributes").get("controlGroupInput").get("panelsJSON"))) {
            assertThat(known).contains(control.at("/explicitInput/fieldName").asText());
        }
    }

    /** A sum over the time shown can only be asked of what the attributes of that metric can tell apart. */
    @ParameterizedTest
    @MethodSource("names")
    void panelsGroupMetricsByAttributesThatTheyHave(String name) throws IOException {
        Map<String, Metric> metrics = new HashMap<>();
        for (Metric metric : Metric.values()) {
            metrics.put("metrics." + metric.key(), metric);
        }
        for (JsonNode panel : lenses(name)) {
            JsonNode state = panel.get("embeddableConfig").get("attributes").get("state");
            Set<String> asked = new TreeSet<>();
            Set<String> had = new TreeSet<>();
            boolean ofMetrics = false;
            for (JsonNode column : state.at("/datasourceStates/formBased/layers/layer/columns")) {
                Metric metric = metrics.get(column.path("sourceField").asText());
                ofMetrics |= metric != null;
                if (metric != null) {
                    had.addAll(metric.own());
                    had.addAll(metric.level().attributes());
                }
                ATTRIBUTE
                        .matcher(column + " " + state.get("query"))
                        .results()
                        .forEach(found -> asked.add(found.group(1)));
            }
            if (ofMetrics) {
                assertThat(had).as("%s", panel.get("title")).containsAll(asked);
            }
        }
    }

    /** A mapping with such a field is refused by the Elasticsearch of the tests, so that these panels stand apart. */
    @Test
    void histogramsAreInTheDashboardOfDurationsOnly() throws IOException {
        Set<String> histograms = Stream.of(Metric.values())
                .filter(metric -> metric.kind() == Kind.HISTOGRAM)
                .map(metric -> "metrics." + metric.key())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(fields("poolscope.ndjson")).doesNotContainAnyElementsOf(histograms);
        assertThat(fields("poolscope-durations.ndjson")).containsAll(histograms);
    }

    @Test
    void everyMetricIsShownSomewhere() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (String name : SavedObjects.files().keySet()) {
            shown.addAll(fields(name));
        }

        for (Metric metric : Metric.values()) {
            if (metric != Metric.INSTRUMENTATION_STATE) { // always 1: what it says stands in its attributes
                assertThat(shown).contains("metrics." + metric.key());
            }
        }
    }

    /** Every constant of the class of names that is an attribute's name. */
    private static Set<String> attributes() throws IllegalAccessException {
        Set<String> known = new TreeSet<>();
        for (Field constant : Names.class.getFields()) {
            if (constant.getType() == String.class) {
                known.add("attributes." + constant.get(null));
                known.add("resource.attributes." + constant.get(null));
            }
        }
        return known;
    }

    private static Set<String> fields(String name) throws IOException {
        Set<String> fields = new TreeSet<>();
        for (JsonNode panel : lenses(name)) {
            JsonNode state = panel.get("embeddableConfig").get("attributes").get("state");
            FIELD.matcher(state.get("datasourceStates") + " " + state.get("query"))
                    .results()
                    .map(MatchResult::group)
                    .forEach(fields::add);
        }
        return fields;
    }

    private static List<JsonNode> objects(String name) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : Committed.text(FOLDER + name).split("\n")) {
            objects.add(MAPPER.readTree(line));
        }
        return objects;
    }

    private static JsonNode dashboard(String name) throws IOException {
        return objects(name).stream()
                .filter(object -> object.get("type").asText().equals("dashboard"))
                .reduce((one, other) -> {
                    throw new AssertionError("two dashboards in " + name);
                })
                .orElseThrow();
    }

    private static JsonNode panels(String name) throws IOException {
        return read(dashboard(name).get("attributes").get("panelsJSON"));
    }

    private static List<JsonNode> lenses(String name) throws IOException {
        List<JsonNode> lenses = new ArrayList<>();
        panels(name).forEach(panel -> {
            if (panel.get("type").asText().equals("lens")) {
                lenses.add(panel);
            }
        });
        return lenses;
    }

    /** Kibana keeps some of its JSON as text. */
    private static JsonNode read(JsonNode text) throws IOException {
        return MAPPER.readTree(text.asText());
    }
}

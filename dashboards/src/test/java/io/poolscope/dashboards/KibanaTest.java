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
        assertThat(versions).isEqualTo(Map.of("index-pattern", "8.0.0", "dashboard", "8.9.0"));
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
                    assertThat(ids)
                            .contains(column.at("/params/orderBy/columnId").asText());
                }
            }
            Pattern.compile("\"(?:columnId|metricAccessor|xAccessor|splitAccessor)\":\"([^\"]+)\"")
                    .matcher(state.get("visualization").toString())
                    .results()
                    .forEach(named -> assertThat(ids).contains(named.group(1)));
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

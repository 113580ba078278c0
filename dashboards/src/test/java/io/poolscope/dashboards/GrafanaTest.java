package io.poolscope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.poolscope.dashboards.grafana.Dashboards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Grafana's dashboards, as files. {@code ./mvnw test -pl dashboards -am -Dpoolscope.dashboards=write} writes them anew. That
 * their queries return data is shown by the container tests.
 */
class GrafanaTest {
    private static final String FOLDER = "grafana/";

    static Stream<String> names() {
        return Dashboards.files().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theFileIsWhatTheDescriptionSays(String name) throws IOException {
        String content = Dashboards.files().get(name);

        assertThat(Committed.written(FOLDER + name, content)).isEqualTo(content);
    }

    @Test
    void thereAreNoOtherDashboards() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(FOLDER))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(Dashboards.files().keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void panelsDoNotOverlapAndEachSaysWhatItAnswers(String name) throws IOException {
        Set<String> cells = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        Set<String> titles = new HashSet<>();
        for (JsonNode panel : read(name).get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            JsonNode at = panel.get("gridPos");
            for (int x = at.get("x").asInt();
                    x < at.get("x").asInt() + at.get("w").asInt();
                    x++) {
                assertThat(x).isLessThan(24);
                for (int y = at.get("y").asInt();
                        y < at.get("y").asInt() + at.get("h").asInt();
                        y++) {
                    assertThat(cells.add(x + "," + y))
                            .as("%s at %d,%d", panel.get("title"), x, y)
                            .isTrue();
                }
            }
            if (!panel.get("type").asText().equals("row")) {
                assertThat(panel.get("title").asText()).isNotBlank();
                assertThat(titles.add(panel.get("title").asText()))
                        .as(panel.get("title").asText())
                        .isTrue();
                assertThat(panel.path("description").asText())
                        .as(panel.get("title").asText())
                        .endsWith(".");
                assertThat(panel.get("targets")).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void queriesAskOnlyForWhatThereIs(String name) throws IOException {
        for (String expression : expressions(name)) {
            assertThat(Vocabulary.series()).as(expression).containsAll(Vocabulary.seriesIn(expression));
            assertThat(Vocabulary.labels()).as(expression).containsAll(Vocabulary.labelsIn(expression));
        }
    }

    /** A metric that no panel shows is one that nobody will ever look at. */
    @Test
    void everyMetricIsShownSomewhere() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (String name : Dashboards.files().keySet()) {
            expressions(name)
                    .forEach(expression -> Vocabulary.seriesIn(expression).stream()
                            .map(series -> series.replaceAll("_(bucket|sum|count)$", ""))
                            .forEach(shown::add));
        }
        Set<String> all = new TreeSet<>();
        Vocabulary.series().forEach(series -> all.add(series.replaceAll("_(bucket|sum|count)$", "")));

        assertThat(shown.stream().map(series -> series.replaceAll("_(bucket|sum|count)$", "")))
                .containsAll(all);
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingIsDividedByNothing(String name) throws IOException {
        for (String expression : expressions(name)) {
            for (int slash = expression.indexOf(" / "); slash >= 0; slash = expression.indexOf(" / ", slash + 1)) {
                assertThat(group(expression, slash + 3)).as(expression).endsWith("> 0)");
            }
        }
    }

    @Test
    void linksLeadToDashboardsThatAreThere() throws IOException {
        Set<String> uids = new HashSet<>();
        Set<String> targets = new HashSet<>();
        for (String name : Dashboards.files().keySet()) {
            uids.add(read(name).get("uid").asText());
            for (String part : Committed.text(FOLDER + name).split("\"/d/", -1)) {
                targets.add(part.split("[?\"]", 2)[0]);
            }
            targets.removeIf(target -> target.startsWith("{"));
        }

        assertThat(uids).hasSize(2).containsExactlyInAnyOrderElementsOf(targets);
    }

    /** What stands in the parentheses that open there, with them. */
    private static String group(String expression, int open) {
        assertThat(expression.charAt(open)).as(expression.substring(open)).isEqualTo('(');
        int depth = 0;
        for (int at = open; at < expression.length(); at++) {
            depth += expression.charAt(at) == '(' ? 1 : expression.charAt(at) == ')' ? -1 : 0;
            if (depth == 0) {
                return expression.substring(open, at + 1);
            }
        }
        throw new AssertionError("not closed: " + expression);
    }

    private static List<String> expressions(String name) throws IOException {
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : read(name).get("panels")) {
            panel.path("targets")
                    .forEach(target -> expressions.add(target.get("expr").asText()));
        }
        return expressions;
    }

    private static JsonNode read(String name) throws IOException {
        return new ObjectMapper().readTree(Committed.text(FOLDER + name));
    }
}

package io.poolscope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Prometheus' rules, as a file. That they are right is shown by promtool, in the container tests. */
class RulesTest {
    private static final String RULES = Committed.text("prometheus/poolscope.rules.yaml");

    @Test
    void rulesAskOnlyForWhatThereIs() {
        String expressions = RULES.replaceAll("(?m)^ *#.*$", "")
                .replaceAll("(?s)annotations:.*?runbook:[^\n]*", "")
                .replaceAll("poolscope:\\w+(:\\w+)?", "")
                .replace("poolscope_limit", "");

        assertThat(Vocabulary.series()).containsAll(Vocabulary.seriesIn(expressions));
        assertThat(recorded("record: (\\S+)")).containsAll(recorded("(?<!record: )\\b(poolscope:\\w+:\\w+)"));
    }

    @Test
    void everyAlertSaysWhatItMeansAndItsRunbookIsThere() {
        List<String> alerts = List.of(RULES.split("- alert: "));
        Set<String> headings = Pattern.compile("(?m)^#+ (.+)$")
                .matcher(Committed.text("../docs/runbooks.md"))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replace(' ', '-'))
                .collect(Collectors.toSet());

        assertThat(alerts).hasSizeGreaterThan(10);
        for (String alert : alerts.subList(1, alerts.size())) {
            assertThat(alert).containsPattern("severity: (page|ticket)").contains("summary: ", "meaning: ");
            String anchor = group("runbook: docs/runbooks\\.md#(\\S+)", alert)
                    .iterator()
                    .next();
            assertThat(headings).contains(anchor);
            assertThat(Committed.text("../docs/runbooks.md")).contains("**" + alert.split("\n", 2)[0] + "**");
        }
    }

    /** Firing and silent. */
    @Test
    void everyAlertIsTested() throws IOException {
        StringBuilder tests = new StringBuilder();
        try (Stream<Path> files = Files.list(Path.of("prometheus/tests"))) {
            for (Path file : files.toList()) {
                tests.append(Files.readString(file));
            }
        }
        String test = "alertname: %s\n +exp_alerts:%s";
        for (String alert : group("- alert: (\\S+)", RULES)) {
            assertThat(group("(" + String.format(test, alert, "\n +- exp_labels") + ")", tests.toString()))
                    .as("%s fires", alert)
                    .isNotEmpty();
            assertThat(group("(" + String.format(test, alert, " \\[\\]") + ")", tests.toString()))
                    .as("%s is silent", alert)
                    .isNotEmpty();
        }
    }

    private static Set<String> recorded(String pattern) {
        return group(pattern, RULES);
    }

    private static Set<String> group(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

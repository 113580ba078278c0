package io.poolscope.engine.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.poolscope.engine.report.Json;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchiveTest {

    private final Archive archive = new Archive();

    private static Report report(String event, String headline, long at, Object... attributes) {
        Map<String, Object> all = new java.util.LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            all.put((String) attributes[i], attributes[i + 1]);
        }
        return new Report(event, Severity.WARN, at, headline, List.of(), all);
    }

    private JsonNode written() throws Exception {
        Json json = new Json().open();
        archive.write(json);
        return new ObjectMapper().readTree(json.close().toString());
    }

    @Test
    void theLatestReportOfAThingStandsForThoseBefore() throws Exception {
        Object[] site = {"code.function.name", "a.B.c", "code.line.number", 7L};
        archive.report(report("poolscope.leak", "first", 1_000, site));
        archive.report(report("poolscope.undrained", "other event", 2_000, site));
        archive.report(report("poolscope.leak", "other line", 3_000, "code.function.name", "a.B.c"));
        archive.report(report("poolscope.leak", "again", 4_000, site));

        JsonNode reports = written().get("reports");

        assertThat(reports.findValuesAsText("message")).containsExactly("again", "other line", "other event");
        assertThat(reports.at("/0/first").asText()).isEqualTo("1970-01-01T00:00:01.000Z");
        assertThat(reports.at("/0/timestamp").asText()).isEqualTo("1970-01-01T00:00:04.000Z");
        assertThat(reports.at("/0/written").asInt()).isEqualTo(2);
        assertThat(archive.taken()).isEqualTo(4);
    }

    @Test
    void onlyTheLatestAreKept() throws Exception {
        for (int i = 0; i < 3 * Archive.REPORTS; i++) {
            archive.report(report("poolscope.leak", "report " + i, i, "code.line.number", (long) i));
            archive.notice(report("poolscope.agent", "notice " + i, i));
        }

        JsonNode all = written();

        assertThat(all.get("reports")).hasSize(Archive.REPORTS);
        assertThat(all.at("/reports/0/message").asText()).isEqualTo("report " + (3 * Archive.REPORTS - 1));
        assertThat(all.get("notices")).hasSize(Archive.NOTICES);
        assertThat(all.at("/notices/0/text").asText()).endsWith("notice " + (3 * Archive.REPORTS - 1) + "\n");
        assertThat(all.get("taken").asInt()).isEqualTo(6 * Archive.REPORTS);
    }
}

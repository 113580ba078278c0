package io.poolscope.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.start.Setting;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Names.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of the documentation are what the code says. {@code ./mvnw test -pl agent/engine -am -Dpoolscope.docs=write}
 * writes them anew.
 */
class TablesTest {

    private static final Path DOCS = Path.of("../../docs");

    @Test
    void docsSettingsIsWhatTheSettingsSay() throws IOException {
        StringBuilder table = new StringBuilder("| setting | default | accepted | meaning |\n|---|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            row(
                    table,
                    code(setting.key()),
                    setting.byDefault().isEmpty() ? "" : code(setting.byDefault()),
                    setting.accepted(),
                    setting.meaning());
        }
        check("settings.md", table.toString());
    }

    @Test
    void docsTelemetryIsWhatTheNamesSay() throws IOException {
        StringBuilder table = new StringBuilder("| metric | kind, unit | attributes | meaning |\n|---|---|---|---|\n");
        for (Metric metric : Metric.values()) {
            StringBuilder attributes = new StringBuilder();
            Stream.concat(metric.level().attributes().stream(), metric.own().stream())
                    .distinct()
                    .forEach(name -> attributes.append(code(name)).append(' '));
            row(
                    table,
                    code(metric.key()),
                    metric.kind().name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + code(metric.unit()),
                    attributes.toString().trim(),
                    metric.meaning());
        }
        check("telemetry.md", table.toString());
        assertThat(Names.SCOPE).isEqualTo("io.poolscope");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static void row(StringBuilder table, String... cells) {
        table.append("| ").append(String.join(" | ", cells).replace("\n", " ")).append(" |\n");
    }

    /** The file's table, between its first line that begins with a bar and the last such line, is this one. */
    private static void check(String file, String table) throws IOException {
        Path path = DOCS.resolve(file);
        String text = Files.readString(path);
        int from = text.indexOf("| ");
        int to = text.indexOf("\n\n", from) < 0 ? text.length() : text.indexOf("\n\n", from) + 1;
        if ("write".equals(System.getProperty("poolscope.docs"))) {
            Files.writeString(path, text.substring(0, from) + table + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(table);
        }
    }
}

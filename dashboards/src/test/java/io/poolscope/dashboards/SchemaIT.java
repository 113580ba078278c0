package io.poolscope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Grafana's dashboards against the types that Grafana publishes ({@code @grafana/schema}) and the grammar that Prometheus does:
 * {@code grafana/check}, with npm. Where npm is not, or cannot install, this is skipped and says so.
 */
class SchemaIT {
    private static final Path CHECK = Path.of("target/grafana-check").toAbsolutePath();

    @BeforeAll
    static void install() throws Exception {
        Files.createDirectories(CHECK);
        try (Stream<Path> files = Files.list(Path.of("grafana/check"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, CHECK.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Run npm;
        try {
            npm = Run.of("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts");
        } catch (IOException e) {
            skip("no npm here: " + e.getMessage());
            return;
        }
        if (npm.exit != 0) {
            skip("npm cannot install Grafana's schema: " + npm.output);
        }
    }

    private static void skip(String why) {
        System.err.println("SKIPPED SchemaIT: " + why);
        abort(why);
    }

    @Test
    void dashboardsAreWhatGrafanaPublishes() throws Exception {
        Run check =
                Run.of("node", "check.mjs", Path.of("grafana").toAbsolutePath().toString());

        assertThat(check.output).contains("2 dashboards").contains(" 0 problems");
        assertThat(check.exit).isZero();
    }

    /** One for each of the two kinds of check. */
    @Test
    void aDashboardThatIsNotIsCaught(@TempDir Path folder) throws Exception {
        String pools = Committed.text("grafana/poolscope-pools.json");
        Files.writeString(folder.resolve("type.json"), pools.replace("\"spanNulls\"", "\"spanNull\""));
        Files.writeString(folder.resolve("query.json"), pools.replace("sum by (", "sum by (("));

        Run check = Run.of("node", "check.mjs", folder.toString());

        assertThat(check.exit).isEqualTo(1);
        assertThat(check.output)
                .containsPattern("type\\.ts:\\d+: ")
                .doesNotContain("type.json: ")
                .contains("query.json: Waiting A: not PromQL")
                .doesNotContain("query.ts:");
    }

    private record Run(int exit, String output) {
        static Run of(String... command) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(CHECK.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (InputStream output = process.getInputStream()) {
                String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
                return new Run(process.waitFor(), text);
            }
        }
    }
}

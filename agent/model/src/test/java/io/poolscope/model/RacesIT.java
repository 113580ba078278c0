package io.poolscope.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs the races ({@code *Races}) under jcstress, prints how often each outcome was seen, and fails on one that is not
 * allowed. Each race has a JVM of its own; a minute in all.
 */
class RacesIT {

    private static final Path OUT = Path.of("target", "jcstress");

    @Test
    void noRaceHasAForbiddenOutcome() throws IOException, InterruptedException {
        Files.createDirectories(OUT);
        Path log = OUT.resolve("races.txt").toAbsolutePath();
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.openjdk.jcstress.Main",
                        "-v",
                        // One mode, the optimising compiler, for all actors; every race once, for as long as it takes
                        // to
                        // see some 100,000 meetings. By hand, without these, for hours.
                        "-jvmArgs",
                        "-XX:-TieredCompilation",
                        "-sc",
                        "false",
                        "-af",
                        "NONE",
                        "-f",
                        "1",
                        "-fsm",
                        "1",
                        "-iters",
                        "1",
                        "-time",
                        "200",
                        "-pth",
                        "false",
                        "-hs",
                        "128",
                        // Few at a time: every check looks through the table of what is out.
                        "-strideSize",
                        "64",
                        "-r",
                        ".")
                .directory(OUT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = run.waitFor();

        List<String> results = results(Files.readAllLines(log, UTF_8));
        results.forEach(System.out::println);

        assertThat(exit).as("exit code; all of the output is in " + log).isZero();
        assertThat(results)
                .as("every race has run")
                .filteredOn(line -> line.contains("[OK] "))
                .hasSize(races());
    }

    /** The tables at the end, without blank lines. */
    private static List<String> results(List<String> lines) {
        List<String> results = new ArrayList<>();
        int start = lines.indexOf("RUN RESULTS:");
        for (String line : lines.subList(Math.max(0, start), lines.size())) {
            if (!line.isBlank() && !line.contains("Results across all configurations")) {
                results.add(line);
            }
        }
        return results;
    }

    /** jcstress lists the races that it made runners of in a resource, one on a line. */
    private static int races() throws IOException {
        try (var list = RacesIT.class.getResourceAsStream("/META-INF/TestList")) {
            return (int) new String(list.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .count();
        }
    }
}

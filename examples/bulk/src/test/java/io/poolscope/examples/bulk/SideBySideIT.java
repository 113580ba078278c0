package io.poolscope.examples.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code examples/demo bulk} shows, with the finished agent: counts and ratios, and no times. */
class SideBySideIT {
    private static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));
    private static final List<String> NEAR = List.of("--documents", "160000", "--batch", "100", "--threads", "8");
    private static final long REQUESTS = 1_600;
    /** The rest of the first answers comes 600 ms after their heads; OkHttp waits for 100. */
    private static final List<String> FAR = List.of("--documents", "4800", "--threads", "8", "--round-trip", "600");

    private static final long FAR_REQUESTS = 24;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void mendedNothingIsUndrainedAndNearlyEveryRequestReusesAConnection(Subject subject) throws Exception {
        Trial trial = subject.mended(AGENT, NEAR);

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.reuse()).isGreaterThan(0.99).isLessThan(1);
        assertThat(trial.opened()).isEqualTo(trial.accepted().orElseThrow());
        assertThat(trial.undrained()).isEmpty();
        assertThat(trial.reports("UNDRAINED")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_CLIENT_4", "HTTP_CLIENT_5_1_3"})
    void asWrittenEveryConnectionIsThrownAwayAndTheLineIsNamed(Subject subject) throws Exception {
        Trial trial = subject.asWritten(AGENT, NEAR);

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.reuse()).isZero();
        assertThat(trial.opened())
                .isEqualTo(REQUESTS)
                .isEqualTo(trial.accepted().orElseThrow());
        assertThat(trial.undrained()).isEqualTo(Map.of("discarded", REQUESTS));
        assertThat(trial.closes()).isEqualTo(Map.of("undrained", REQUESTS));
        assertNamesTheLine(trial, subject);
    }

    @Test
    void asWrittenHttpClient5ReadsTheRestAlsoFromAfarAndTheLineIsNamed() throws Exception {
        Trial trial = Subject.HTTP_CLIENT_5.asWritten(AGENT, FAR);

        assertThat(trial.undrained()).isEqualTo(Map.of("drained_on_close", FAR_REQUESTS));
        assertThat(trial.closes()).isEmpty();
        assertThat(trial.opened()).isEqualTo(trial.accepted().orElseThrow()).isLessThan(FAR_REQUESTS / 2);
        assertNamesTheLine(trial, Subject.HTTP_CLIENT_5);
    }

    @Test
    void asWrittenOkHttpReadsTheRestOfWhatIsNearByAndTheLineIsNamed() throws Exception {
        Trial trial = Subject.OK_HTTP.asWritten(AGENT, NEAR);

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.opened()).isEqualTo(trial.accepted().orElseThrow());
        assertThat(trial.reuse()).isGreaterThan(0.5);
        assertThat(undrained(trial)).isEqualTo(REQUESTS);
        assertThat(trial.undrained().get("drained_on_close")).isGreaterThan(REQUESTS / 2);
        assertNamesTheLine(trial, Subject.OK_HTTP);
    }

    @Test
    void asWrittenOkHttpThrowsConnectionsAwayOfAnswersFromAfarAndTheLineIsNamed() throws Exception {
        Trial trial = Subject.OK_HTTP.asWritten(AGENT, FAR);

        assertThat(undrained(trial)).isEqualTo(FAR_REQUESTS);
        assertThat(trial.undrained().get("discarded")).isGreaterThan(FAR_REQUESTS / 2);
        assertThat(trial.closes().get("undrained")).isEqualTo(trial.undrained().get("discarded"));
        assertThat(trial.opened()).isEqualTo(trial.accepted().orElseThrow()).isGreaterThan(FAR_REQUESTS / 2);
        assertNamesTheLine(trial, Subject.OK_HTTP);
    }

    @Test
    void theTableHasBothVersionsOfEachClientAndTheReportsBelowNameTheLines() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Path.of("target", "bulk.jar").toString(),
                        SideBySide.class.getName(),
                        AGENT.toString(),
                        "--documents",
                        "4000")
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("stderr")))
                .isZero();
        assertThat(out)
                .containsPattern("HttpClient 4\\.5\\.14 +as written +[\\d,]+ +20 +0\\.0 % +20 discarded +20 undrained")
                .containsPattern("\n +mended +[\\d,]+ +\\d +\\d\\d\\.\\d % +none +none")
                .containsPattern("HttpClient 5\\.1\\.3 +as written +[\\d,]+ +20 +0\\.0 % +20 discarded +20 undrained")
                .containsPattern("HttpClient 5\\.6\\.5 +as written +[\\d,]+ +\\d +.* +20 drained_on_close")
                .containsPattern("OkHttp 4\\.12\\.0 +as written +[\\d,]+ +\\d");
        for (Subject subject : Subject.values()) {
            assertThat(out).containsPattern("UNDRAINED .*" + bugIn(subject.writer()));
        }
    }

    private static void assertNamesTheLine(Trial trial, Subject subject) throws IOException {
        Map<String, Long> sites = trial.undrainedBySite();
        assertThat(sites.get("com.acme.bulk." + subject.writer() + ".write"))
                .as("%s", sites)
                .isGreaterThan(trial.requests() * 9 / 10);
        String line = bugIn(subject.writer());
        assertThat(trial.reports("UNDRAINED"))
                .anySatisfy(report -> assertThat(report).containsPattern(line));
    }

    private static long undrained(Trial trial) {
        return trial.undrained().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The lines of the statement that says of itself that it is the bug: a try closes at its last one. */
    private static String bugIn(String type) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/main/java/com/acme/bulk/" + type + ".java"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("// BUG:")) {
                String brace = lines.get(i).replaceAll("\\S.*", "}");
                int last = i + lines.subList(i, lines.size()).indexOf(brace);
                return "\\(" + type + "\\.java:("
                        + IntStream.rangeClosed(i + 1, last + 1)
                                .mapToObj(String::valueOf)
                                .collect(Collectors.joining("|"))
                        + ")\\)";
            }
        }
        throw new AssertionError("no bug is planted in " + type);
    }
}

package io.poolscope.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.examples.bulk.Subject;
import io.poolscope.examples.bulk.Trial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bulk writer of the examples, writing to a real Elasticsearch: what the agent exports, and what the other side saw. */
@Needs(Image.ELASTICSEARCH)
class BulkIndexingIT {
    private static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));
    private static final String INDEX = "acme-bulk";
    private static final long DOCUMENTS = 32_000;
    private static final long REQUESTS = 1_600;
    /** Of this test's own, which asks for the numbers. */
    private static final long OURS = 5;

    private static Elasticsearch elasticsearch;

    private long acceptedBefore;

    @BeforeAll
    static void start() {
        elasticsearch = new Elasticsearch();
    }

    @AfterAll
    static void stop() {
        elasticsearch.close();
    }

    @BeforeEach
    void empty() throws Exception {
        elasticsearch.delete(INDEX);
        acceptedBefore = elasticsearch.connectionsAccepted();
    }

    @ParameterizedTest
    @EnumSource
    void mendedEveryDocumentArrivesAndNearlyEveryRequestReusesAConnection(Subject subject) throws Exception {
        Trial trial = subject.mended(AGENT, options());

        assertThat(elasticsearch.documents(INDEX)).isEqualTo(DOCUMENTS);
        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.reuse()).isGreaterThan(0.99).isLessThan(1);
        assertThat(trial.undrained()).isEmpty();
        assertThat(trial.reports("UNDRAINED")).isEmpty();
        assertThat(accepted()).isBetween(trial.opened(), trial.opened() + OURS);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_CLIENT_4", "HTTP_CLIENT_5_1_3"})
    void asWrittenEachRequestOpensAConnectionAndTheLineIsNamed(Subject subject) throws Exception {
        Trial trial = subject.asWritten(AGENT, options());

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.reuse()).isZero();
        assertThat(trial.opened()).isEqualTo(REQUESTS);
        assertThat(trial.undrained()).isEqualTo(Map.of("discarded", REQUESTS));
        assertThat(trial.closes()).isEqualTo(Map.of("undrained", REQUESTS));
        assertThat(accepted()).isBetween(REQUESTS, REQUESTS + OURS);
        assertNamesTheLine(trial, subject);
    }

    /** OkHttp for 100 ms at most, which a busy machine may once in a while take. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP_CLIENT_5", "OK_HTTP"})
    void asWrittenTheNewerOnesReadTheRestWhileTheyCloseAndTheLineIsNamed(Subject subject) throws Exception {
        Trial trial = subject.asWritten(AGENT, options());

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.undrained().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(REQUESTS);
        assertThat(trial.undrained().get("drained_on_close")).isGreaterThan(REQUESTS / 2);
        assertThat(trial.reuse()).isGreaterThan(0.5);
        assertThat(accepted()).isBetween(trial.opened(), trial.opened() + OURS);
        assertNamesTheLine(trial, subject);
    }

    private static List<String> options() {
        return List.of(
                "--elasticsearch",
                elasticsearch.url(),
                "--documents",
                Long.toString(DOCUMENTS),
                "--batch",
                Long.toString(DOCUMENTS / REQUESTS),
                "--threads",
                "8");
    }

    private long accepted() throws Exception {
        return elasticsearch.connectionsAccepted() - acceptedBefore;
    }

    private static void assertNamesTheLine(Trial trial, Subject subject) {
        String writer = subject.writer();
        assertThat(trial.undrainedBySite().get("com.acme.bulk." + writer + ".write"))
                .isGreaterThan(REQUESTS * 9 / 10);
        assertThat(trial.reports("UNDRAINED"))
                .anySatisfy(report -> assertThat(report)
                        .containsPattern("UNDRAINED .*: " + writer + "\\.write\\(" + writer + "\\.java:\\d+\\)"));
    }
}

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
import org.junit.jupiter.api.Test;
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

    @Test
    void asWrittenHttpClient4OpensAConnectionForEachRequestAndTheLineIsNamed() throws Exception {
        Trial trial = Subject.HTTP_CLIENT_4.asWritten(AGENT, options());

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.reuse()).isZero();
        assertThat(trial.opened()).isEqualTo(REQUESTS);
        assertThat(trial.undrained()).isEqualTo(Map.of("discarded", REQUESTS));
        assertThat(trial.closes()).isEqualTo(Map.of("undrained", REQUESTS));
        assertThat(accepted()).isBetween(REQUESTS, REQUESTS + OURS);
        assertNames(trial, "HttpClient4Writer");
    }

    @Test
    void asWrittenOkHttpReadsTheRestWhileItClosesAndTheLineIsNamed() throws Exception {
        Trial trial = Subject.OK_HTTP.asWritten(AGENT, options());

        assertThat(trial.requests()).isEqualTo(REQUESTS);
        assertThat(trial.undrained().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(REQUESTS);
        assertThat(trial.undrained().get("drained_on_close")).isGreaterThan(REQUESTS / 2);
        assertThat(accepted()).isBetween(trial.opened(), trial.opened() + OURS);
        assertNames(trial, "OkHttpWriter");
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

    private static void assertNames(Trial trial, String writer) {
        assertThat(trial.undrainedBySite()).containsOnlyKeys("com.acme.bulk." + writer + ".write");
        assertThat(trial.reports("UNDRAINED"))
                .isNotEmpty()
                .allSatisfy(report -> assertThat(report)
                        .contains("closed before the end of the body was seen: " + writer + ".write(" + writer
                                + ".java:"));
    }
}

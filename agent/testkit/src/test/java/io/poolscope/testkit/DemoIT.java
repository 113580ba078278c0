package io.poolscope.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's smoke test: what {@code examples/demo} starts, on every Java that the agent promises, and what is seen. */
class DemoIT {

    private static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));
    private static final Path SHOP = Path.of("../../examples/shop");
    private static final Pattern ADDRESS = Pattern.compile("see (http://127\\.0\\.0\\.1:\\d+)/");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {11, 17, 21, 25, 26})
    void theLinesThatLoseResponsesAreNamedAndCounted(int java) throws Exception {
        try (Shop shop = new Shop(java)) {
            Awaitility.await("its reports")
                    .atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(shop.said())
                            .contains("LEAK a response was never closed: Stock.level(" + bugIn("Stock"))
                            .contains("LEAK a response was never closed: Catalogue.isListed(" + bugIn("Catalogue"))
                            .contains(
                                    "UNDRAINED closed before the end of the body was seen: Indexer.flush(Indexer.java:")
                            .contains("STALE a reused connection was dead: carrier:")
                            .contains("EXHAUSTED"));
            assertThat(shop.said())
                    .containsPattern("watches .*httpclient 4\\.5\\.14")
                    .containsPattern("watches .*okhttp 4\\.12\\.0")
                    .contains("cause leak: a larger pool would only take longer to fill")
                    .doesNotContain("Poolscope's own", "Exception");
            String metrics = shop.metrics();
            assertThat(metrics)
                    .containsPattern(
                            "poolscope_response_leaks_total\\{[^}]*com\\.acme\\.shop\\.Stock\\.level[^}]*} [1-9]")
                    .containsPattern("poolscope_response_undrained_total\\{[^}]*Indexer\\.flush[^}]*} [1-9]")
                    .containsPattern("poolscope_instrumentation_failures_total\\{[^}]*} 0")
                    .doesNotContainPattern("poolscope_instrumentation_failures_total\\{[^}]*} [1-9]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void withItsBugsMendedNotOneReportAppears(int java) throws Exception {
        try (Shop shop = new Shop(java, "--fixed", "--seconds", "20")) {
            assertThat(shop.process.waitFor()).isZero();
            assertThat(shop.said().lines())
                    .allMatch(line -> line.contains(" INFO [poolscope] ") && line.contains("watches "));
        }
    }

    /** {@code Stock.java:41}: the line that says of itself that it is the bug. */
    private static String bugIn(String type) throws IOException {
        List<String> lines = Files.readAllLines(SHOP.resolve("src/main/java/com/acme/shop/" + type + ".java"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("// BUG:")) {
                return type + ".java:" + (i + 1);
            }
        }
        throw new AssertionError("no bug is planted in " + type);
    }

    /** The shop in a JVM of its own, under the agent. */
    private final class Shop implements AutoCloseable {

        final Process process;
        private final Path stderr;

        Shop(int java, String... options) throws IOException {
            Path home = Jvms.found().get(java);
            assumeTrue(home != null, "no Java " + java + " here (TEST_JDKS=" + java + "=/its/home names one)");
            stderr = folder.resolve("stderr");
            List<String> command = new ArrayList<>(List.of(
                    Jvms.java(home).toString(),
                    "-Xmx96m",
                    "-Xmn8m",
                    "-Dpoolscope.port=0",
                    "-javaagent:" + AGENT,
                    "-jar",
                    SHOP.resolve("target/shop.jar").toString()));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command)
                    .redirectOutput(folder.resolve("stdout").toFile())
                    .redirectError(stderr.toFile())
                    .start();
        }

        String said() throws IOException {
            return Files.readString(stderr);
        }

        String metrics() throws IOException, InterruptedException {
            Matcher address = ADDRESS.matcher(said());
            assertThat(address.find()).as(said()).isTrue();
            HttpRequest request = HttpRequest.newBuilder(URI.create(address.group(1) + "/metrics"))
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }
    }
}

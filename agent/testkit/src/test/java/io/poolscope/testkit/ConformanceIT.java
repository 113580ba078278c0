package io.poolscope.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every scenario, with every client, in every version, on every JVM, with the finished agent.
 *
 * <p>{@code -Dpoolscope.kit.only=okhttp-5.5.1,httpclient} narrows the libraries, {@code -Dpoolscope.kit.scenarios=redirect,storm} the scenarios,
 * {@code -Dpoolscope.kit.jdks=11,21} the JVMs (17 and 25 otherwise; {@code none} for none); {@code -Dpoolscope.kit.storm=20000} makes the storms longer, and
 * {@code -Dpoolscope.kit.seed} repeats one.
 */
class ConformanceIT {

    private static final ConformanceReport REPORT = new ConformanceReport();
    private static final Path OUT = Paths.get(System.getProperty("poolscope.kit.out", "target"));

    private static Servers servers;
    private static Path keyStore;
    private static ExecutorService forks;

    @BeforeAll
    static void openServers() throws Exception {
        keyStore = KeyStores.make(OUT.resolve("kit"));
        servers = new Servers(keyStore);
        forks = Executors.newFixedThreadPool(
                Integer.getInteger("poolscope.kit.forks", Runtime.getRuntime().availableProcessors()));
        System.out.println("kit: the storms' seed is " + Run.SEED);
    }

    @AfterAll
    static void writeReport() throws Exception {
        forks.shutdownNow();
        servers.close();
        if (REPORT.isEmpty()) {
            return;
        }
        REPORT.write(OUT);
        if (isWhole() && REPORT.isComplete()) {
            String text = "# What is supported\n\n" + REPORT.text();
            Path docs = Paths.get("../../docs/conformance.md");
            if ("write".equals(System.getProperty("poolscope.docs"))) {
                Files.writeString(docs, text);
            }
            assertThat(Files.readString(docs))
                    .as("docs/conformance.md is not what this run found; -Dpoolscope.docs=write writes it anew")
                    .isEqualTo(text);
        }
    }

    /** Whether nothing narrows the run. */
    private static boolean isWhole() {
        return Stream.of("only", "scenarios", "jdks")
                .allMatch(key -> Library.list("poolscope.kit." + key).isEmpty());
    }

    @TestFactory
    Stream<DynamicNode> conformance() throws Exception {
        List<String> wanted = Library.list("poolscope.kit.jdks");
        if (wanted.equals(List.of("none"))) {
            return Stream.of(DynamicTest.dynamicTest("no JDK", () -> abort("poolscope.kit.jdks is none")));
        }
        Path agent = Paths.get(System.getProperty("poolscope.agent.jar", ""))
                .toAbsolutePath()
                .normalize();
        if (!Files.isRegularFile(agent)) {
            return Stream.of(DynamicTest.dynamicTest(
                    "the agent's jar", () -> fail("there is no agent at " + agent + ": build agent/dist first")));
        }
        Map<Integer, Path> found = Jvms.found();
        List<DynamicNode> nodes = new ArrayList<>();
        for (String version : wanted.isEmpty() ? List.of("17", "25") : wanted) {
            int jdk = Integer.parseInt(version);
            Path home = found.get(jdk);
            if (home == null) {
                REPORT.absent("JDK " + jdk + ", which this machine does not have");
                nodes.add(DynamicTest.dynamicTest(
                        "JDK " + jdk,
                        () -> abort("no JDK " + jdk + " here (TEST_JDKS=" + jdk + "=/its/home names one)")));
                continue;
            }
            for (Library library : Library.wanted()) {
                nodes.add(run(library, jdk, home, agent));
            }
        }
        return nodes.stream();
    }

    private static DynamicContainer run(Library library, int jdk, Path home, Path agent) {
        CompletableFuture<List<Outcome>> outcomes = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        List<Outcome> all = Run.of(library, jdk, home, agent, servers, keyStore);
                        REPORT.add(library, jdk, all);
                        return all;
                    } catch (Exception e) {
                        throw new IllegalStateException(library + " on " + jdk, e);
                    }
                },
                forks);
        // The children are asked for when this container's turn comes, which is when the run has to be over.
        Stream<DynamicTest> tests =
                Stream.of(outcomes).flatMap(future -> future.join().stream().map(ConformanceIT::test));
        return DynamicContainer.dynamicContainer(library + " on " + jdk, tests);
    }

    private static DynamicTest test(Outcome outcome) {
        return DynamicTest.dynamicTest(
                outcome.client() + ": " + outcome.scenario().title(), () -> {
                    if (outcome.obstacle() != null) {
                        abort("not for " + outcome.client() + ": " + outcome.obstacle());
                    }
                    assertThat(outcome.passed()).as("%s", outcome.explanation()).isTrue();
                });
    }
}

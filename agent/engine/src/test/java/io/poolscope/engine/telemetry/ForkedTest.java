package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a JVM of its own can show: its exit, and its modules. */
@Timeout(180)
class ForkedTest {

    @Test
    void noThreadOfOursKeepsTheJvm() throws Exception {
        Forked.Run run = Forked.run("port=0");

        assertThat(run.lines).containsSubsequence("served HTTP/1.1 200 OK with metrics", "main ends");
        assertThat(run.lines).noneMatch(line -> line.startsWith("said"));
    }

    @Test
    void withNobodyToTellNoSdkIsLoaded() throws Exception {
        Forked.Run run = Forked.run("port=off", "-verbose:class");

        assertThat(run.lines)
                .contains("main ends")
                .anyMatch(line -> line.contains("io.poolscope.engine.telemetry.Telemetry "))
                .noneMatch(line -> line.contains("io.opentelemetry.sdk.autoconfigure."))
                .noneMatch(line -> line.contains("io.opentelemetry.sdk.metrics.SdkMeterProvider "));
    }

    @Test
    void aSilentReceiverDelaysTheExitByTwoSecondsAtMost() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Forked.Run run =
                    Forked.run("port=off", "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + silent.getLocalPort());

            assertThat(run.lines).contains("main ends");
            // The SDK alone takes more than ten; half a second more for a machine that is busy.
            assertThat(Duration.ofNanos(run.exitNanos))
                    .isGreaterThan(Duration.ofSeconds(1))
                    .isLessThan(Duration.ofMillis(3_500));
        }
    }

    /** Of the modules of the JDK only these are resolved, as in {@code java -p ... -m}. */
    @Test
    void aModularApplicationThatDoesNotRequireTheHttpServerHasTheMetrics(@TempDir Path directory) throws Exception {
        ToolProvider javac = ToolProvider.findFirst("javac").orElse(null);
        Assumptions.assumeTrue(javac != null, "no javac here");
        Path source = Files.createDirectories(directory.resolve("src/app"));
        Files.writeString(source.resolveSibling("module-info.java"), "module app { requires java.logging; }");
        Files.writeString(source.resolve("Main.java"), """
                package app;
                public class Main {
                    public static void main(String[] args) throws Exception {
                        System.out.println("resolved " + ModuleLayer.boot().findModule("jdk.httpserver").isPresent());
                        Class.forName("io.poolscope.engine.telemetry.Forked")
                                .getMethod("main", String[].class).invoke(null, (Object) args);
                    }
                }
                """);
        Path classes = directory.resolve("classes");
        assertThat(javac.run(
                        System.out,
                        System.err,
                        "-d",
                        classes.toString(),
                        source.resolveSibling("module-info.java").toString(),
                        source.resolve("Main.java").toString()))
                .isZero();

        Forked.Run run = Forked.run(
                "port=0", "-cp", System.getProperty("java.class.path"), "-p", classes.toString(), "-m", "app/app.Main");

        assertThat(run.lines).containsSubsequence("resolved false", "served HTTP/1.1 200 OK with metrics", "main ends");
    }

    @Test
    void aRunTimeImageWithoutTheHttpServerHasTheMetrics(@TempDir Path directory) throws Exception {
        ToolProvider jlink = ToolProvider.findFirst("jlink").orElse(null);
        Assumptions.assumeTrue(
                jlink != null && new File(System.getProperty("java.home"), "jmods").isDirectory(), "no jlink here");
        Path image = directory.resolve("image");
        assertThat(jlink.run(
                        System.out,
                        System.err,
                        "--add-modules",
                        "java.base,java.logging,jdk.unsupported",
                        "--output",
                        image.toString()))
                .isZero();

        Forked.Run run = Forked.run(image, "port=0");

        assertThat(run.lines).containsSubsequence("served HTTP/1.1 200 OK with metrics", "main ends");
        assertThat(run.lines).noneMatch(line -> line.startsWith("said"));
    }
}

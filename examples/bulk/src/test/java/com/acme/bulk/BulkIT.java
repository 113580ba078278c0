package com.acme.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the packaged writer as a user would, without an agent, and believes what the other side counted. */
class BulkIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void mendedEveryDocumentArrivesOnAConnectionForEachThread(Client client) throws Exception {
        Run run = run("--client", client.toString().toLowerCase(), "--fixed", "--documents", "4001", "--batch", "50");

        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.err).isEmpty();
        assertThat(run.out).containsPattern("the endpoint got 4,001 documents in 81 requests on [1-9] connections");
    }

    @Test
    void asWrittenHttpClient4OpensAConnectionForEachRequest() throws Exception {
        Run run = run("--documents", "4000", "--batch", "50");

        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.out).contains("the endpoint got 4,000 documents in 80 requests on 80 connections");
    }

    @Test
    void asWrittenOkHttpKeepsItsConnectionsToAServerNearByAndNotToOneFarAway() throws Exception {
        String[] some = {"--client", "okhttp", "--documents", "8000", "--threads", "4"};

        assertThat(connections(run(some))).isLessThan(10);
        assertThat(connections(run(with(some, "--round-trip", "400")))).isGreaterThan(30);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhoReadsTheAnswerLearnsThatDocumentsWereRefused(Client client) throws Exception {
        Queue<String> users = new ConcurrentLinkedQueue<>();
        HttpServer full = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        full.createContext("/cluster/_bulk", exchange -> {
            users.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"errors\":true,\"took\":1,\"items\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        full.start();
        try {
            String url = "http://reader:secret@127.0.0.1:" + full.getAddress().getPort() + "/cluster/";
            String[] some = {"--client", client.toString().toLowerCase(), "--documents", "400", "--elasticsearch", url};

            assertThat(run(some).exit).isZero();
            Run mended = run(with(some, "--fixed"));
            assertThat(mended.exit).isEqualTo(1);
            assertThat(mended.err).contains("documents refused");
            assertThat(users).isNotEmpty().containsOnly("Basic cmVhZGVyOnNlY3JldA==");
        } finally {
            full.stop(0);
        }
    }

    @Test
    void anElasticsearchThatIsNotThereIsOneLineAndExitCodeOne() throws Exception {
        Run run = run("--elasticsearch", "http://127.0.0.1:1");

        assertThat(run.exit).isEqualTo(1);
        assertThat(run.err.lines())
                .singleElement()
                .asString()
                .startsWith("bulk: ")
                .contains("refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--fast",
                "--client",
                "--client curl",
                "--documents 0",
                "--documents many",
                "--batch 200000",
                "--threads -1",
                "--elasticsearch localhost:9200",
                "--elasticsearch http://_bulk_:9200",
                "--elasticsearch http://localhost:9200 --round-trip 5"
            })
    void aBadOptionIsOneLineAndExitCodeTwo(String arguments) throws Exception {
        Run run = run(arguments.split(" "));

        assertThat(run.exit).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(run.err.lines()).singleElement().asString().startsWith("bulk: ");
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        Run run = run("--help");

        assertThat(run.exit).isZero();
        assertThat(run.out)
                .contains("--client", "--fixed", "--documents", "--batch", "--threads", "--elasticsearch")
                .contains("--round-trip", "--hold", "--help");
    }

    private static long connections(Run run) {
        assertThat(run.exit).as(run.err).isZero();
        assertThat(run.out).containsPattern("on [\\d,]+ connections");
        return Long.parseLong(
                run.out.replaceAll("(?s).* on ([\\d,]+) connections.*", "$1").replace(",", ""));
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private Run run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-jar",
                Path.of("target", "bulk.jar").toString()));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try {
            String out = text(process.getInputStream());
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("ends by itself")
                    .isTrue();
            return new Run(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** A writer that came to its end. */
    private static final class Run {
        private final int exit;
        private final String out;
        private final String err;

        private Run(int exit, String out, String err) {
            this.exit = exit;
            this.out = out;
            this.err = err;
        }
    }
}

package com.acme.shop;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the packaged shop as a user would, and believes its servers, which count what came in. */
class ShopIT {
    private static final Pattern SERVICE =
            Pattern.compile("shop: +(\\w+) +([\\d,]+) requests on +([\\d,]+) connections");

    @Test
    void withItsBugsMendedTheShopReusesItsConnectionsAndFailsNobody() throws Exception {
        Run run = Run.of("--seconds", "8", "--fixed");

        assertThat(run.exit).as(run.out + run.err).isZero();
        assertThat(run.err).isEmpty();
        assertThat(run.out)
                .containsPattern("orders 1\\d\\d done, \\d+ turned down, 0 failed; bookings \\d+ done, 0 failed")
                .doesNotContain("leaked");
        Map<String, Load> services = run.services();
        assertThat(services).hasSize(7);
        for (String busy : List.of("warehouse", "prices", "catalogue", "search", "recommender")) {
            assertThat(services.get(busy).requestsPerConnection()).as(busy).isGreaterThan(4);
        }
        assertThat(services.get("carrier").requestsPerConnection()).isGreaterThan(2);
    }

    @Test
    void withItsBugsTheShopWastesConnectionsLosesBookingsAndStillClosesCleanly() throws Exception {
        Run run = Run.of("--seconds", "8");

        assertThat(run.exit).as(run.out + run.err).isZero();
        assertThat(run.err).isEmpty();
        assertThat(run.out)
                .containsPattern("orders 1\\d\\d done")
                .containsPattern("bookings \\d+ done, [1-9]\\d* failed");
        Map<String, Load> services = run.services();
        assertThat(services.get("search").requestsPerConnection()).isEqualTo(1);
        assertThat(services.get("warehouse").connections)
                .as("one for each lost response")
                .isGreaterThan(6);
        assertThat(services.get("recommender").connections).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--fast", "--seconds", "--seconds 0", "--seconds ten", "--seconds -5", "10"})
    void aBadOptionIsOneLineAndExitCodeTwo(String arguments) throws Exception {
        Run run = Run.of(arguments.split(" "));

        assertThat(run.exit).isEqualTo(2);
        assertThat(run.out).isEmpty();
        assertThat(run.err.lines()).singleElement().asString().startsWith("shop: ");
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        Run run = Run.of("--help");

        assertThat(run.exit).isZero();
        assertThat(run.out).contains("--seconds N", "--fixed", "--help");
    }

    @Test
    void anInterruptedShopClosesAndSaysHowItWent() throws Exception {
        Process process = Run.start("--fixed");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).startsWith("shop: open");
            process.toHandle().destroy(); // not Process.destroy(), which closes the stream too

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(out.lines()).anyMatch(line -> line.startsWith("shop: closed, orders "));
        } finally {
            process.destroyForcibly();
        }
    }

    /** What one service got. */
    private static final class Load {
        private final long requests;
        private final long connections;

        Load(String requests, String connections) {
            this.requests = Long.parseLong(requests.replace(",", ""));
            this.connections = Long.parseLong(connections.replace(",", ""));
        }

        double requestsPerConnection() {
            return (double) requests / connections;
        }
    }

    /** A shop that came to its end. */
    private static final class Run {
        private final int exit;
        private final String out;
        private final String err;

        private Run(int exit, String out, String err) {
            this.exit = exit;
            this.out = out;
            this.err = err;
        }

        static Run of(String... arguments) throws Exception {
            Process process = start(arguments);
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            try {
                assertThat(process.waitFor(40, TimeUnit.SECONDS))
                        .as("ends by itself")
                        .isTrue();
                return new Run(process.exitValue(), out.get(), err.get());
            } finally {
                process.destroyForcibly();
            }
        }

        static Process start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-jar",
                    Path.of("target", "shop.jar").toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            return builder.start();
        }

        static String text(InputStream stream) {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Map<String, Load> services() {
            return SERVICE.matcher(out)
                    .results()
                    .collect(toMap(found -> found.group(1), found -> new Load(found.group(2), found.group(3))));
        }
    }
}

package io.poolscope.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.MountableFile;

/** A Prometheus with Poolscope's rules. It stands in the network of this machine, where the agents listen on loopback. */
final class Prometheus implements AutoCloseable {
    /** How often it scrapes. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Path FOLDER = Path.of("../../dashboards/prometheus");
    private static final String HOME = "/etc/prometheus/";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final GenericContainer<?> container;
    private final int port;
    private final Instant started = Instant.now();

    private Prometheus(GenericContainer<?> container, int port) {
        this.container = container;
        this.port = port;
    }

    /** Starts one with these scrape configurations and arguments. */
    static Prometheus start(String scrapeConfigs, String... arguments) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                "--config.file=" + HOME + "prometheus.yml",
                "--storage.tsdb.path=/tmp/prometheus",
                "--web.listen-address=127.0.0.1:" + port));
        command.addAll(List.of(arguments));
        String config = "global: {scrape_interval: 2s, scrape_timeout: 2s}\n" + "rule_files: [" + HOME
                + "poolscope.rules.yaml]\n" + scrapeConfigs;
        GenericContainer<?> container = Image.PROMETHEUS
                .container()
                .withNetworkMode("host")
                .withCopyToContainer(Transferable.of(config), HOME + "prometheus.yml")
                .withCopyFileToContainer(
                        MountableFile.forHostPath(FOLDER.resolve("poolscope.rules.yaml"), 0644),
                        HOME + "poolscope.rules.yaml")
                .withCopyFileToContainer(MountableFile.forHostPath(FOLDER.resolve("tests"), 0755), HOME + "tests")
                .withCommand(command.toArray(new String[0]))
                .waitingFor(Wait.forLogMessage(".*Server is ready to receive web requests.*", 1)
                        .withStartupTimeout(Duration.ofMinutes(2)));
        container.start();
        return new Prometheus(container, port);
    }

    /** What it says of its own arguments. */
    static String help() {
        try (GenericContainer<?> container = Image.PROMETHEUS
                .container()
                .withCommand("--help")
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy())) {
            container.start();
            return container.getLogs();
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** What promtool says: its output if it succeeds, otherwise an error with it. */
    String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        org.testcontainers.containers.Container.ExecResult result =
                container.execInContainer(command.toArray(new String[0]));
        if (result.getExitCode() != 0) {
            throw new AssertionError(command + ":\n" + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    /** Where the rules and their tests are, for promtool. */
    static String home(String file) {
        return HOME + file;
    }

    /** The value now. */
    Samples now(String expression) throws IOException, InterruptedException {
        return Samples.ofResult(get("query", "query", expression).get("result"));
    }

    /** Every point since it was started. */
    Samples sinceStart(String expression) throws IOException, InterruptedException {
        return Samples.ofResult(get(
                        "query_range",
                        "query",
                        expression,
                        "start",
                        Long.toString(started.getEpochSecond()),
                        "end",
                        Long.toString(Instant.now().getEpochSecond()),
                        "step",
                        Long.toString(INTERVAL.toSeconds()))
                .get("result"));
    }

    /** The exemplars of what an expression asks for, as it tells them. */
    String exemplars(String expression) throws IOException, InterruptedException {
        String end = Long.toString(Instant.now().getEpochSecond() + 1);
        return get("query_exemplars", "query", expression, "start", "0", "end", end)
                .toString();
    }

    /** The answer of a part of its API. */
    JsonNode get(String path, String... parameters) throws IOException, InterruptedException {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url() + "/api/v1/" + path + (form.isEmpty() ? "" : "?" + form)))
                        .build(),
                BodyHandlers.ofString());
        JsonNode json = new ObjectMapper().readTree(answer.body());
        if (!json.path("status").asText().equals("success")) {
            throw new AssertionError(path + " " + String.join(" ", parameters) + ": " + answer.body());
        }
        return json.get("data");
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        container.stop();
    }
}

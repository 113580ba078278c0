package io.poolscope.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in a JVM of its own under the finished agent. It runs until it is closed. */
final class Program implements AutoCloseable {
    private static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));
    private static final Pattern ADDRESS = Pattern.compile(" see (http://\\S+)/");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Path out;
    private final Path err;

    private Program(List<String> jvm, List<String> what) throws IOException {
        out = Files.createTempFile("program", ".out");
        err = Files.createTempFile("program", ".err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + AGENT,
                "-Dpoolscope.port=0"));
        command.addAll(jvm);
        command.addAll(what);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        process = builder.start();
    }

    /** The demo: examples/shop with its bugs, in the small heap that it is shown with. */
    static Program shop(String... jvm) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx96m", "-Xmn8m"));
        options.addAll(List.of(jvm));
        return new Program(options, List.of("-jar", System.getProperty("poolscope.shop.jar"), "--seconds", "3600"));
    }

    /** The same for this long; then it ends by itself, and says how it went. */
    static Program shopFor(Duration time, String... jvm) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx96m", "-Xmn8m"));
        options.addAll(List.of(jvm));
        return new Program(
                options,
                List.of(
                        "-jar",
                        System.getProperty("poolscope.shop.jar"),
                        "--seconds",
                        Long.toString(time.toSeconds())));
    }

    /** Waits for its end, and for the agent's last words with it. */
    void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .as(() -> out() + err())
                .isTrue();
    }

    /** {@link com.acme.planted.Planted}; returns when everything is planted. */
    static Program planted(String... jvm) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx256m", "-Dpoolscope.leaks.suspected.after=1s"));
        options.addAll(List.of(jvm));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Program planted = new Program(options, List.of("-cp", classPath, "com.acme.planted.Planted"));
        planted.await("everything is planted", () -> planted.out().contains("planted: ready"));
        return planted;
    }

    /** Asks {@link #planted} for more, by one of the words that it knows. Returns when that is done. */
    void more(String order) throws IOException {
        process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        await(order, () -> out().contains("planted: " + order));
    }

    private void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        org.awaitility.Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(process.isAlive()).as(() -> out() + err()).isTrue();
                    return condition.call();
                });
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port of the agent's own listener. */
    String address() {
        await(
                "the agent says where its numbers are",
                () -> ADDRESS.matcher(err()).find());
        Matcher address = ADDRESS.matcher(err());
        return address.find() ? URI.create(address.group(1)).getAuthority() : "";
    }

    /** What the agent answers there. */
    Samples metrics() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address() + "/metrics"))
                .build();
        return Samples.ofText(http.send(request, BodyHandlers.ofString()).body());
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        Files.delete(out);
        Files.delete(err);
    }
}

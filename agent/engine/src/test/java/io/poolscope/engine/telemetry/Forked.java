package io.poolscope.engine.telemetry;

import io.poolscope.engine.start.Settings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A small application in a JVM of its own. */
public final class Forked {

    private Forked() {}

    /** Starts telemetry with these settings, says what it says, reads its own metrics, and returns. */
    public static void main(String[] args) throws Exception {
        Thread starter = new Thread(() -> serve(args[0]));
        starter.setDaemon(true); // as the engine's
        starter.start();
        starter.join();
    }

    private static void serve(String arguments) {
        Telemetry telemetry = Telemetry.start(
                Settings.of(arguments, Map.of(), Map.of()),
                new Shop(),
                "1.2.3",
                null,
                (severity, line) -> System.out.println("said " + severity + " " + line));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> telemetry.close(2_000)));
        try {
            if (telemetry.address() != null) {
                System.out.println(
                        "served " + status(URI.create(telemetry.address()).getPort()));
            }
        } catch (Exception e) {
            System.out.println("failed " + e);
        }
        System.out.println("main ends");
    }

    private static String status(int port) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            List<String> lines = new ArrayList<>();
            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .forEach(lines::add);
            return lines.get(0) + (lines.contains("poolscope_pool_count 0.0") ? " with metrics" : "");
        }
    }

    /** What it wrote, and how long the JVM lived after its main had ended. */
    static final class Run {
        final List<String> lines = new ArrayList<>();
        long exitNanos;
    }

    /** Runs it with these options of this JVM. */
    static Run run(String arguments, String... options) throws Exception {
        return run(Path.of(System.getProperty("java.home")), arguments, options);
    }

    /** Runs it in the JVM at this place. */
    static Run run(Path home, String arguments, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(List.of(options));
        if (!command.contains("-m")) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Forked.class.getName()));
        }
        command.add(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Run run = new Run();
        long ended = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                run.lines.add(line);
                if (line.equals("main ends")) {
                    ended = System.nanoTime();
                }
            }
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still there: " + run.lines);
        }
        run.exitNanos = System.nanoTime() - ended;
        return run;
    }
}

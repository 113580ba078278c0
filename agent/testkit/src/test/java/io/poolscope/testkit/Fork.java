package io.poolscope.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JVM in which the scenarios are played, and the conversation with it (see {@link Program}). */
final class Fork implements AutoCloseable {

    /** What the forked JVM says of a scenario. */
    record Word(String what, String moment, Map<String, Double> facts, String why) {}

    private final Process process;
    private final Writer orders;
    private final Map<String, BlockingQueue<Word>> words = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<Map<String, Double>>> stats = new ConcurrentHashMap<>();
    private final List<String> stderr = new CopyOnWriteArrayList<>();
    private final List<String> strayStdout = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> ready = new LinkedBlockingQueue<>();
    private final List<Thread> readers = new ArrayList<>();

    Fork(List<String> command, Path log) throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        process = new ProcessBuilder(command).start();
        orders = new OutputStreamWriter(process.getOutputStream(), UTF_8);
        readers.add(reader(process.getInputStream(), log.resolveSibling("stdout.log"), this::hear));
        readers.add(reader(process.getErrorStream(), log.resolveSibling("stderr.log"), stderr::add));
        if (ready.poll(60, TimeUnit.SECONDS) == null) {
            close();
            throw new IllegalStateException("the forked JVM did not start: " + stderr + strayStdout);
        }
    }

    private interface Lines {
        void line(String line);
    }

    private static Thread reader(InputStream stream, Path log, Lines lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, UTF_8));
                            Writer copy = Files.newBufferedWriter(log)) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            copy.write(line + "\n");
                            copy.flush();
                            lines.line(line);
                        }
                    } catch (IOException e) {
                        lines.line("(the stream broke: " + e + ")");
                    }
                },
                "fork-reader");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void hear(String line) {
        String[] fields = line.split("\t", -1);
        if (!fields[0].equals("kit")) {
            strayStdout.add(line);
            return;
        }
        switch (fields[1]) {
            case "ready" -> ready.add(line);
            case "reached" -> queue(fields[2]).add(new Word("reached", fields[3], facts(fields, 4), null));
            case "done" -> queue(fields[2]).add(new Word("done", Scenario.END, facts(fields, 3), null));
            case "failed" -> queue(fields[2]).add(new Word("failed", null, Map.of(), fields[3]));
            case "stats" -> statistics(fields[2]).add(facts(fields, 3));
            default -> strayStdout.add(line);
        }
    }

    private static Map<String, Double> facts(String[] fields, int from) {
        Map<String, Double> facts = new LinkedHashMap<>();
        Arrays.stream(fields, from, fields.length)
                .filter(field -> !field.isEmpty())
                .forEach(field -> {
                    int equals = field.lastIndexOf('=');
                    facts.put(field.substring(0, equals), Double.valueOf(field.substring(equals + 1)));
                });
        return facts;
    }

    private BlockingQueue<Word> queue(String key) {
        return words.computeIfAbsent(key, k -> new LinkedBlockingQueue<>());
    }

    private BlockingQueue<Map<String, Double>> statistics(String key) {
        return stats.computeIfAbsent(key, k -> new LinkedBlockingQueue<>());
    }

    /** Lets a scenario begin. */
    void run(
            String key,
            String adapter,
            String version,
            Scenario scenario,
            List<String> servers,
            Map<String, String> settings)
            throws IOException {
        List<String> order =
                new ArrayList<>(List.of("run", key, adapter, version, scenario.id(), String.join(",", servers)));
        settings.forEach((name, value) -> order.add(name + "=" + value));
        say(order.toArray(String[]::new));
    }

    /** Waits for what the scenario says next. */
    Word next(String key, int seconds) throws InterruptedException {
        for (int i = 0; i < seconds * 10; i++) {
            Word word = queue(key).poll(100, TimeUnit.MILLISECONDS);
            if (word != null) {
                return word;
            }
            if (!process.isAlive()) {
                return new Word("failed", null, Map.of(), "the forked JVM ended with " + process.exitValue());
            }
        }
        return new Word("failed", null, Map.of(), "nothing more was heard of it for " + seconds + " s");
    }

    void goOn(String key) throws IOException {
        say("go", key);
    }

    /** The pool's own statistics now, or nothing if the pool does not answer. */
    Map<String, Double> stats(String key) throws IOException, InterruptedException {
        statistics(key).clear();
        say("stats", key);
        Map<String, Double> answer = statistics(key).poll(5, TimeUnit.SECONDS);
        return answer == null ? Map.of() : answer;
    }

    void collectGarbage() throws IOException {
        say("gc");
    }

    List<String> stderr() {
        return stderr;
    }

    /** Lines on standard output that the kit's program did not write. */
    List<String> strayStdout() {
        return strayStdout;
    }

    private void say(String... fields) throws IOException {
        synchronized (orders) {
            orders.write(String.join("\t", fields) + "\n");
            orders.flush();
        }
    }

    /** Lets the JVM end as an application's does, so that exit hooks run; its exit code, or -1 if it had to be killed. */
    int exit() throws InterruptedException {
        try {
            say("exit");
        } catch (IOException e) {
            // Ended already: the exit code will tell.
        }
        int code = process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
        close();
        for (Thread reader : readers) {
            reader.join(5000);
        }
        return code;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

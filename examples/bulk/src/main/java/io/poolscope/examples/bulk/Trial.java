package io.poolscope.examples.bulk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One run of the bulk writer, in a JVM of its own under the agent. The numbers are those that the agent serves when all is
 * written and the client still open, the reports those of the whole run. Does not change.
 */
public final class Trial {
    private static final String MAIN = "com.acme.bulk.Bulk";
    private static final String DONE = "bulk: done";
    private static final String GRANTED = "poolscope_lease_granted_total";
    private static final String UNDRAINED = "poolscope_response_undrained_total";
    private static final String OUTCOME = "poolscope_undrained_outcome";
    private static final Pattern SPEED = Pattern.compile("([\\d,]+) documents/s");
    private static final Pattern ACCEPTED = Pattern.compile(" on ([\\d,]+) connections");
    private static final Pattern ADDRESS = Pattern.compile(" see (http://\\S+)/");
    private static final Pattern REPORT = Pattern.compile("(?m)^\\S+ \\w+ \\[poolscope] ([A-Z]{2,}) .*(\\R +.*)*");
    /** Four times a second the agent divides undrained closes among their lines: after two of these it has done so. */
    private static final long SETTLED_MILLIS = 500;

    private static final long PATIENCE_MILLIS = 10_000;

    private final String out;
    private final String err;
    private final Metrics metrics;

    private Trial(String out, String err, Metrics metrics) {
        this.out = out;
        this.err = err;
        this.metrics = metrics;
    }

    /**
     * Runs the writer and waits for its end.
     *
     * @param agent the agent's jar
     * @param classPath the writer's jar, and before it what is to be used instead of its libraries
     * @param options of the writer
     * @throws IOException if it fails, with what it said
     */
    public static Trial of(Path agent, String classPath, List<String> options)
            throws IOException, InterruptedException {
        Path stderr = Files.createTempFile("bulk", ".stderr");
        Process process = start(agent, classPath, options, stderr);
        try (BufferedReader stdout =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder out = new StringBuilder();
            Metrics metrics = null;
            for (String line = stdout.readLine(); line != null; line = stdout.readLine()) {
                out.append(line).append('\n');
                if (line.equals(DONE)) {
                    metrics = settled(address(process, stderr));
                    process.getOutputStream().close();
                }
            }
            int exit = process.waitFor();
            if (exit != 0 || metrics == null) {
                throw new IOException(out + Files.readString(stderr));
            }
            return new Trial(out.toString(), Files.readString(stderr), metrics);
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(stderr);
        }
    }

    private static Process start(Path agent, String classPath, List<String> options, Path stderr) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-javaagent:" + agent,
                "-Dpoolscope.port=0",
                "-Dpoolscope.log=text",
                // The writer is done in seconds; by default a line that was told of is told of again after a minute.
                "-Dpoolscope.report.window=1s",
                "-cp",
                classPath,
                MAIN));
        command.addAll(options);
        command.add("--hold");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }

    /** Where the agent says that its numbers are. */
    private static URI address(Process process, Path stderr) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (System.nanoTime() < end && process.isAlive()) {
            Matcher address = ADDRESS.matcher(Files.readString(stderr));
            if (address.find()) {
                return URI.create(address.group(1) + "/metrics");
            }
            Thread.sleep(SETTLED_MILLIS / 10);
        }
        throw new IOException("the agent does not say where its numbers are:\n" + Files.readString(stderr));
    }

    /** A pool is exported when it is three seconds old, and what is undrained when its line has been found out. */
    private static Metrics settled(URI address) throws IOException, InterruptedException {
        Metrics before = metrics(address);
        for (long waited = 0; waited < PATIENCE_MILLIS; waited += SETTLED_MILLIS) {
            Thread.sleep(SETTLED_MILLIS);
            Metrics now = metrics(address);
            if (now.sum(GRANTED) > 0 && now.by(UNDRAINED, OUTCOME).equals(before.by(UNDRAINED, OUTCOME))) {
                return now;
            }
            before = now;
        }
        throw new IOException("the agent exports no pool");
    }

    private static Metrics metrics(URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        return Metrics.parse(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }

    /** The version of the client's library, as the agent saw it. */
    public String version() {
        return String.join(
                ", ",
                metrics.by("poolscope_instrumentation_state", "poolscope_library_version")
                        .keySet());
    }

    /** Bulk requests that were granted a connection. */
    public long requests() {
        return (long) metrics.sum(GRANTED);
    }

    /** Connections that were opened for them. */
    public long opened() {
        return metrics.by("poolscope_connection_create_time_seconds_count", "error_type")
                .getOrDefault("", 0L);
    }

    /** The share of requests, from 0 to 1, that were granted a connection which had served another before. */
    public double reuse() {
        return metrics.by(GRANTED, "poolscope_connection_reused").getOrDefault("true", 0L) / metrics.sum(GRANTED);
    }

    /** Answers that were closed before their end was seen, by what came of it: discarded or drained_on_close. */
    public Map<String, Long> undrained() {
        return metrics.by(UNDRAINED, OUTCOME);
    }

    /** The same by the method that closed them; unknown is what the agent's sample does not tell. */
    public Map<String, Long> undrainedBySite() {
        return metrics.by(UNDRAINED, "code_function_name");
    }

    /** What closing spent on reading the rest of answers, all threads together. */
    public double drainSeconds() {
        return metrics.sum("poolscope_response_drain_time_seconds_sum");
    }

    /** Connections that were closed, by reason. */
    public Map<String, Long> closes() {
        return metrics.by("poolscope_connection_closes_total", "poolscope_close_reason");
    }

    /** As the writer says. */
    public long documentsPerSecond() {
        return said(SPEED).orElseThrow();
    }

    /** Connections that the endpoint accepted, as it says itself; empty if it was not the one in the writer's process. */
    public OptionalLong accepted() {
        return said(ACCEPTED);
    }

    private OptionalLong said(Pattern number) {
        return number.matcher(out)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1).replace(",", "")))
                .findFirst();
    }

    /** The agent's reports of one kind, such as UNDRAINED, each with its line breaks, in the order in which they came. */
    public List<String> reports(String kind) {
        return REPORT.matcher(err)
                .results()
                .filter(report -> report.group(1).equals(kind))
                .map(MatchResult::group)
                .collect(Collectors.toList());
    }

    /** All that was written to stderr. */
    public String stderr() {
        return err;
    }
}

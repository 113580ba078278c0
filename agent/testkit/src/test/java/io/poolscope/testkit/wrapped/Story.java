package io.poolscope.testkit.wrapped;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import io.poolscope.testkit.baddays.App;
import io.poolscope.testkit.baddays.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A program that calls a client through something that wraps it, and what was seen of its pool.
 *
 * <p>The program is compiled here, against the jars that it runs with, because those of ten frameworks do not go together on
 * one class path.
 */
final class Story {

    private static final Path SOURCES = Path.of("src/wrapped/java");

    private final String type;
    private final List<String> source;
    private final Ran ran;
    private final String client;
    private final String pool;

    private Story(String type, List<String> source, Ran ran, String client, String pool) {
        this.type = type;
        this.source = source;
        this.ran = ran;
        this.client = client;
        this.pool = pool;
    }

    /** Runs this class with these jars, without the agent and with it. */
    static Story of(int jdk, String type, Collection<Path> jars, Path directory, String... arguments) throws Exception {
        Path source = SOURCES.resolve(type.replace('.', '/') + ".java");
        List<Path> classPath = new ArrayList<>(List.of(App.PROGRAMS));
        classPath.addAll(jars);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-nowarn",
                        "-proc:none",
                        "-g",
                        "--release",
                        "11",
                        "-cp",
                        App.path(classPath),
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(result).as("the compiler's exit code for " + source).isZero();
        Ran ran = App.on(jdk)
                .jvm("-Dpoolscope.exhausted.after=300ms")
                .with(List.of(directory))
                .with(jars)
                .program(type, arguments)
                .run();
        return new Story(type, Files.readAllLines(source, UTF_8), ran.hasNoFailures(), null, null);
    }

    /** The banner names this library, and no other. */
    Story watches(String client, String version, String library) throws IOException {
        assertThat(ran.states()).containsExactly(client + " " + version + " on");
        assertThat(ran.err().lines().filter(line -> line.contains(" watches ")))
                .singleElement()
                .asString()
                .contains(" watches " + library)
                .doesNotContain(", ");
        return new Story(type, source, ran, client, null);
    }

    /** There is one pool, with this name. */
    Story hasPool(String name) {
        assertThat(ran.counted().last().stream()
                        .filter(point -> point.attributes().containsKey(Contract.POOL))
                        .map(point -> point.attributes().get(Contract.CLIENT) + " "
                                + point.attributes().get(Contract.POOL))
                        .distinct())
                .containsExactly(client + " " + name);
        return new Story(type, source, ran, client, name);
    }

    /** At the end it has so many connections. */
    Story has(int active, int idle) {
        ran.counts(active, Contract.OPEN_CONNECTIONS, Contract.CONNECTION_STATE, "active", Contract.POOL, pool);
        ran.counts(idle, Contract.OPEN_CONNECTIONS, Contract.CONNECTION_STATE, "idle", Contract.POOL, pool);
        ran.counts(active, Contract.ACTIVE, Contract.POOL, pool);
        return this;
    }

    /** At the end so many requests wait for a connection. */
    Story waits(int requests) {
        ran.counts(requests, Contract.PENDING, Contract.POOL, pool);
        return this;
    }

    /** It granted so many leases, of which so many opened a connection. */
    Story granted(int leases, int opened) {
        ran.counts(opened, Contract.GRANTED, Contract.REUSED, "false", Contract.POOL, pool);
        ran.counts(leases - opened, Contract.GRANTED, Contract.REUSED, "true", Contract.POOL, pool);
        return this;
    }

    /** It closed so many connections, all for this reason. */
    Story closed(int connections, String reason) {
        ran.counts(connections, Contract.CLOSES, Contract.POOL, pool);
        ran.counts(connections, Contract.CLOSES, Contract.CLOSE_REASON, reason, Contract.POOL, pool);
        return this;
    }

    /** Nothing was closed undrained. */
    Story drained() {
        ran.counts(0, Contract.UNDRAINED);
        assertThat(ran.err()).doesNotContain("UNDRAINED");
        return this;
    }

    /** One response was lost, by this method of the program, in the line that says so. */
    Story lost(String method) {
        return reports("WARN [poolscope] LEAK a response was never closed: ", "lost", method)
                .counts(1, Contract.LEAKS, method);
    }

    /** One response was closed before its end, by this method of the program, in the line that says so. */
    Story undrained(String method) {
        return reports(" [poolscope] UNDRAINED closed before the end of the body was seen: ", "undrained", method)
                .counts(1, Contract.UNDRAINED, method);
    }

    private Story counts(int expected, String metric, String method) {
        ran.counts(expected, metric, Contract.POOL, pool);
        ran.counts(expected, metric, Contract.POOL, pool, Contract.CALL_SITE, type + "." + method);
        return this;
    }

    /** It is full, and so many of its connections are held by this method of the program, in the line that says so. */
    Story exhausted(int held, String state, String method) {
        List<String> said = ran.err().lines().toList();
        assertThat(said.stream().filter(line -> line.contains("[poolscope] EXHAUSTED a request has waited for ")))
                .as(ran.err())
                .isNotEmpty();
        assertThat(said.stream().map(line -> line.trim().replaceAll(" +", " ")))
                .as(ran.err())
                .anySatisfy(line -> assertThat(line)
                        .matches(Pattern.quote(place("asked", method)) + " " + held + " [0-9.]+ m?s " + state));
        return this;
    }

    private Story reports(String headline, String mark, String method) {
        assertThat(ran.err().lines().filter(said -> said.contains(headline)))
                .as(ran.err())
                .singleElement()
                .asString()
                .contains(headline + place(mark, method));
        return this;
    }

    private String place(String mark, String method) {
        String simple = type.substring(type.lastIndexOf('.') + 1);
        int line = 1
                + Stream.iterate(0, i -> i < source.size(), i -> i + 1)
                        .filter(i -> source.get(i).endsWith(" // " + mark))
                        .findFirst()
                        .orElseThrow();
        return simple + "." + method + "(" + simple + ".java:" + line + ")";
    }

    /** Nothing was lost. */
    Story lostNothing() {
        ran.counts(0, Contract.LEAKS);
        assertThat(ran.err()).doesNotContain("LEAK");
        return this;
    }
}

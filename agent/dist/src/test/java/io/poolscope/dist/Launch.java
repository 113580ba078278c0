package io.poolscope.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A forked JVM that ran to its end, and the JVMs there are to fork. */
record Launch(int exit, String out, String err) {

    /** The agent as it was built. */
    static final Path AGENT = Path.of(System.getProperty("poolscope.agent.jar"));

    /** Runs {@code home/bin/tool} in an environment without options for JVMs, but with those given. */
    static Launch run(Path home, String tool, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin").resolve(tool).toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("poolscope", ".out");
        Path err = Files.createTempFile("poolscope", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after 60 s: " + command);
            }
            return new Launch(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The JVM that runs the tests. */
    static Path thisJvm() {
        return Path.of(System.getProperty("java.home"));
    }

    /**
     * The home of the Java version asked for: a pair {@code version=home} in the environment variable
     * {@code TEST_JDKS}, where pairs are separated by line breaks or as in a path, or else a sibling of the JVM that
     * runs the test. A test that needs one which is not there is skipped.
     */
    static Path jvm(int version) {
        String pairs = System.getenv().getOrDefault("TEST_JDKS", "");
        for (String pair : pairs.split("[\\n" + File.pathSeparator + "]")) {
            if (pair.trim().startsWith(version + "=")) {
                return Path.of(pair.trim().substring(pair.trim().indexOf('=') + 1));
            }
        }
        try (Stream<Path> siblings = Files.list(thisJvm().toRealPath().getParent())) {
            List<Path> found = siblings.filter(home -> isVersion(home, version)).toList();
            assumeTrue(!found.isEmpty(), "no Java " + version + ": neither in TEST_JDKS nor beside " + thisJvm());
            return found.get(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isVersion(Path home, int version) {
        try {
            return Files.exists(home.resolve("bin/java"))
                    && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version + ".");
        } catch (IOException e) {
            return false;
        }
    }

    /** Asserts that the program of {@link Program} ran, ended as it wanted to, and nobody else said anything. */
    Launch ranInSilence() {
        assertThat(err).isEmpty();
        return ran();
    }

    /** Asserts that the program of {@link Program} ran and ended as it wanted to. */
    Launch ran() {
        assertThat(out).startsWith(Program.OUTPUT);
        assertThat(exit).as(err).isEqualTo(Program.EXIT);
        return this;
    }
}

package io.poolscope.testkit.baddays;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.poolscope.testkit.Jvms;
import io.poolscope.testkit.otlp.Sink;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** An application that is started twice, without the agent and with it, and has to do the same both times. */
public final class App {

    /** The agent as it was built. */
    public static final Path AGENT =
            Path.of(System.getProperty("poolscope.agent.jar")).toAbsolutePath().normalize();

    /** The programs of this package. */
    public static final Path PROGRAMS = Path.of(System.getProperty("poolscope.kit.classes"));

    private static final Path LIBRARIES = Path.of(System.getProperty("poolscope.kit.libs"));

    private final int jdk;
    private Path agent = AGENT;
    private boolean attached;
    /** So many milliseconds are enough for the agent to see the first request, and begin to export. */
    private int linger = 700;

    private boolean untilExported;

    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<Path> classPath = new ArrayList<>(List.of(PROGRAMS));
    private final List<String> ignored = new ArrayList<>();
    private final List<String> main = new ArrayList<>();

    private App(int jdk) {
        this.jdk = jdk;
    }

    public static App on(int jdk) {
        return new App(jdk);
    }

    /** The jars of one version of a library, with what it needs. */
    public static List<Path> library(String nameAndVersion) throws IOException {
        return jars(LIBRARIES.resolve(nameAndVersion));
    }

    /** The jars of a version that is not watched, with what it needs. */
    public static List<Path> unwatched(String nameAndVersion) throws IOException {
        return jars(LIBRARIES.resolveSibling("unwatched").resolve(nameAndVersion));
    }

    /** The jars of something that wraps a client, with what it needs. */
    public static List<Path> wrapped(String name) throws IOException {
        return jars(Path.of(System.getProperty("poolscope.kit.wrapped")).resolve(name));
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.sorted().toList();
        }
    }

    /** The jar of a library whose file name begins so. */
    public static Path jar(String nameAndVersion, String begin) throws IOException {
        return library(nameAndVersion).stream()
                .filter(jar -> jar.getFileName().toString().startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    public static String path(Collection<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    public App agent(Path jar) {
        agent = jar;
        return this;
    }

    /** The program attaches the agent itself, when it likes. */
    public App attached() {
        attached = true;
        return this;
    }

    public App neighbourBefore(String option) {
        before.add("-javaagent:" + option);
        return this;
    }

    public App neighbourAfter(String option) {
        after.add("-javaagent:" + option);
        return this;
    }

    public App jvm(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    public App with(Collection<Path> jars) {
        classPath.addAll(jars);
        return this;
    }

    public App without(String fileNameBegin) {
        classPath.removeIf(jar -> jar.getFileName().toString().startsWith(fileNameBegin));
        return this;
    }

    /** Lines with these words are the JVM's. */
    public App ignoring(Collection<String> words) {
        ignored.addAll(words);
        return this;
    }

    /** It goes on for so long that metrics are exported even if nothing of it is watched. */
    public App lingering() {
        linger = 3000;
        return this;
    }

    /** It ends when its standard input does: once something has been exported, or at once without the agent. */
    App untilExported() {
        untilExported = true;
        return this;
    }

    /** It ends as soon as it has done its work. */
    public App hasty() {
        linger = 0;
        return this;
    }

    public App program(Class<?> type, String... arguments) {
        return program(type.getName(), arguments);
    }

    /** A class that is on the class path there, and not here. */
    public App program(String type, String... arguments) {
        main.clear();
        main.add(type);
        main.addAll(List.of(arguments));
        return this;
    }

    /** These classes come before all others. */
    public App first(Path classes) {
        classPath.add(0, classes);
        return this;
    }

    /** Starts a module of the path instead of a class. */
    App module(String module, String... arguments) {
        main.addAll(List.of("--module-path", path(classPath), "-m", module));
        main.addAll(List.of(arguments));
        classPath.clear();
        return this;
    }

    /** Runs it without the agent and with it, and asserts that it did the same; what the agent said and counted. */
    public Ran run() throws Exception {
        Ran plain;
        Ran watched;
        try (Sink sink = Sink.open()) {
            plain = run(false, sink);
        }
        try (Sink sink = Sink.open()) {
            watched = run(true, sink);
        }
        assertThat(plain.exit()).as(plain.toString()).isEqualTo(Errands.EXIT);
        assertThat(watched.exit()).as(watched.toString()).isEqualTo(plain.exit());
        String ours = Stream.of(watched.out().split("\n"))
                .filter(line -> !line.startsWith("added "))
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(ours).as(watched.toString()).isEqualTo(plain.out());
        return watched.said(plain.err(), ignored);
    }

    private Ran run(boolean withAgent, Sink sink) throws Exception {
        Path home = Jvms.found().get(jdk);
        assumeTrue(home != null, "no JDK " + jdk + " here (TEST_JDKS=" + jdk + "=/its/home names one)");
        List<String> command = new ArrayList<>(List.of(Jvms.java(home).toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        command.add("-Dbaddays.linger=" + linger);
        command.addAll(before);
        if (withAgent) {
            command.add(attached ? "-Dbaddays.attach=" + agent : "-javaagent:" + agent);
            command.add("-Dotel.exporter.otlp.endpoint=" + sink.endpoint());
            command.add("-Dotel.exporter.otlp.protocol=http/protobuf");
            command.add("-Dotel.metric.export.interval=200");
            command.add("-Dpoolscope.port=off");
        }
        command.addAll(after);
        command.addAll(options);
        if (!classPath.isEmpty()) {
            command.addAll(List.of("-cp", path(classPath)));
        }
        command.addAll(main);
        Path out = Files.createTempFile("baddays", ".out");
        Path err = Files.createTempFile("baddays", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // Those for the tests would be settings of the agent that it does not know.
        builder.environment().keySet().removeIf(name -> name.startsWith("POOLSCOPE_") || name.startsWith("OTEL_"));
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        try {
            Process process = builder.start();
            try (OutputStream input = process.getOutputStream()) {
                if (withAgent && untilExported) {
                    Awaitility.await("metrics are exported")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> sink.snapshot().exports() > 0 || !process.isAlive());
                }
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                // The JVM answers with its threads, on standard output.
                new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                        .start()
                        .waitFor();
                Thread.sleep(2000);
                process.destroyForcibly().waitFor();
                throw new AssertionError("still running after 60 s: " + command + "\n" + Files.readString(out, UTF_8)
                        + Files.readString(err, UTF_8));
            }
            return new Ran(
                    process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8), sink.snapshot());
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}

package io.poolscope.benchmarks;

import com.acme.measured.NoCall;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A measured program while it runs, in a JVM of its own; closing it ends it. Confined to a thread, but for its end. */
final class Child implements AutoCloseable {

    private static final Path TARGET = Path.of(System.getProperty("benchmarks.target"));
    /** Longer than anything takes. */
    private static final long SECONDS = 180;

    private final long started;
    private final Process process;
    private final Path errors;
    private final BufferedReader out;

    private Child(Jdk jdk, List<String> jvmArguments, Class<?> main, List<String> libraries, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(classPath(libraries));
        command.add(main.getName());
        command.addAll(arguments);
        errors = Files.createDirectories(TARGET.resolve("logs")).resolve(main.getSimpleName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        // What is set on this machine for other JVMs is not measured.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("OTEL_")
                        || name.startsWith("POOLSCOPE_")
                        || name.equals("JAVA_TOOL_OPTIONS")
                        || name.equals("JDK_JAVA_OPTIONS"));
        started = System.nanoTime();
        process = builder.start();
        out = process.inputReader(StandardCharsets.UTF_8);
        process.onExit().completeOnTimeout(null, SECONDS, TimeUnit.SECONDS).thenRun(process::destroyForcibly);
    }

    /** Starts a program, with its library and nothing else on its class path. */
    static Child start(Jdk jdk, List<String> jvmArguments, Class<?> main, Library library, List<String> arguments)
            throws IOException {
        List<String> all = new ArrayList<>();
        all.add(library.id());
        all.addAll(arguments);
        return new Child(jdk, jvmArguments, main, library.jars(), all);
    }

    /** Time from before the process is made to {@code main} of {@link NoCall}, in milliseconds. */
    static double millisToMain(Jdk jdk, List<String> jvmArguments) throws IOException {
        try (Child child = new Child(jdk, jvmArguments, NoCall.class, List.of(), List.of());
                InputStream in = child.process.getInputStream()) {
            int read = in.read();
            while (read != NoCall.REACHED && read >= 0) {
                read = in.read();
            }
            long reached = System.nanoTime();
            if (read < 0) {
                throw child.failure("ended before its main");
            }
            child.process.waitFor();
            return (reached - child.started) / 1e6;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String classPath(List<String> libraries) {
        return Stream.concat(Stream.of(TARGET.resolve("classes").toString()), libraries.stream())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits until the program says this; returns the words behind it. */
    String[] reached(String what) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals(what) || line.startsWith(what + " ")) {
                return line.substring(what.length()).trim().split(" ");
            }
        }
        throw failure("ended before it reached \"" + what + "\"");
    }

    /** Lets it go on. */
    void goOn() throws IOException {
        OutputStream in = process.getOutputStream();
        in.write('\n');
        in.flush();
    }

    /** User and system time of the whole process until now. Its resolution is a hundredth of a second on Linux. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow(() -> failure("tells no CPU time"));
    }

    private IllegalStateException failure(String what) {
        String log = log();
        return new IllegalStateException(
                "the program " + what + ":\n" + log.substring(Math.max(0, log.length() - 4000)));
    }

    /** What it wrote to stderr until now: an agent's banner, an exception. */
    String log() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

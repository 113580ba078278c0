package io.poolscope.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** What a program is started with; the order is that of the table's columns, and of each round. */
enum Agent {
    NONE,
    EMPTY,
    POOLSCOPE,
    OPENTELEMETRY;

    /** Where {@code benchmarks/run} has put things. */
    private static final Path TARGET = Path.of(System.getProperty("benchmarks.target"));

    /** The jar of this agent. */
    Path jar() {
        return switch (this) {
            case NONE -> throw new IllegalStateException("no agent, no jar");
            case EMPTY -> emptyAgent();
            case POOLSCOPE -> Path.of(System.getProperty("benchmarks.agent"));
            case OPENTELEMETRY -> TARGET.resolve("opentelemetry-javaagent.jar");
        };
    }

    /** The JVM's arguments for it. Ours is as it comes, but for a port that is free; theirs exports nothing. */
    List<String> jvmArguments() {
        return switch (this) {
            case NONE -> List.of();
            case EMPTY -> List.of("-javaagent:" + jar());
            case POOLSCOPE -> List.of("-javaagent:" + jar(), "-Dpoolscope.port=0");
            case OPENTELEMETRY ->
                List.of(
                        "-javaagent:" + jar(),
                        "-Dotel.traces.exporter=none",
                        "-Dotel.metrics.exporter=none",
                        "-Dotel.logs.exporter=none");
        };
    }

    private static Path emptyAgent() {
        Path jar = TARGET.resolve("empty-agent.jar");
        if (Files.exists(jar)) {
            return jar;
        }
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", EmptyAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Can-Redefine-Classes", "true");
        String entry = EmptyAgent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = EmptyAgent.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

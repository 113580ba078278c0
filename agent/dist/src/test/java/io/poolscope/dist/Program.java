package io.poolscope.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/** What the start tests run: an application that an old Java runs too, and agents whose engine is another one. */
final class Program {

    /** What the application prints first, its exit code, and what it prints last if it sees more than it should. */
    static final String OUTPUT = "main runs\n";

    static final int EXIT = 7;

    private static final String APPLICATION = """
            public class Application {
                public static void main(String[] arguments) throws Exception {
                    System.out.print("main runs\\n");
                    try {
                        Class.forName("io.poolscope.engine.start.Engine");
                        System.out.print("the application sees the agent's classes\\n");
                    } catch (ClassNotFoundException e) {
                        // as it should be
                    }
                    System.exit(7);
                }
            }
            """;

    private static final String ATTACHING = """
            public class Attaching {
                public static void main(String[] arguments) throws Exception {
                    System.out.print("main runs\\n");
                    com.sun.tools.attach.VirtualMachine jvm =
                            com.sun.tools.attach.VirtualMachine.attach("" + ProcessHandle.current().pid());
                    jvm.loadAgent(arguments[0], "late");
                    jvm.loadAgent(arguments[0], "later");
                    System.exit(7);
                }
            }
            """;

    private static final String ENGINE = """
            package io.poolscope.engine.start;
            public class Engine implements java.util.function.BiConsumer<java.lang.instrument.Instrumentation, String[]> {
                @Override
                public void accept(java.lang.instrument.Instrumentation i, String[] handedOver) {
                    try {
                        run(i, handedOver[0], handedOver[1]);
                    } catch (java.io.IOException | ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                }
                private static void run(java.lang.instrument.Instrumentation i, String arguments, String jar)
                        throws java.io.IOException, ReflectiveOperationException {
                    %s
                }
            }
            """;

    private Program() {}

    /** A directory with the class {@code Application}, for Java 8 and newer. */
    static Path application(Path directory) throws IOException {
        return compile(directory, "Application", APPLICATION, 8);
    }

    /** A directory with the class {@code Attaching}, which attaches the agent in its argument, twice. */
    static Path attachingApplication(Path directory) throws IOException {
        return compile(directory, "Attaching", ATTACHING, 0);
    }

    /** A copy of the agent whose engine does what these statements say. */
    static Path agentThat(String does, Path copy) throws IOException {
        Path classes =
                compile(Files.createTempDirectory(copy.getParent(), "engine"), "Engine", ENGINE.formatted(does), 11);
        return agentWithEngine(Files.readAllBytes(classes.resolve("io/poolscope/engine/start/Engine.class")), copy);
    }

    /** A copy of the agent with these bytes for an engine, or with none. */
    static Path agentWithEngine(byte[] engine, Path copy) throws IOException {
        Files.copy(Launch.AGENT, copy);
        try (FileSystem jar = FileSystems.newFileSystem(copy)) {
            Path entry = jar.getPath("inst/io/poolscope/engine/start/Engine.classdata");
            assertThat(entry).exists();
            if (engine == null) {
                Files.delete(entry);
            } else {
                Files.write(entry, engine);
            }
        }
        return copy;
    }

    private static Path compile(Path directory, String name, String source, int release) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source, UTF_8);
        List<String> target = release == 0 ? List.of() : List.of("--release", "" + release);
        List<String> arguments = new java.util.ArrayList<>(target);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-nowarn", "-Xlint:-options", "-d", directory.toString(), file.toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        return directory;
    }
}

package io.poolscope.launcher;

import java.io.File;
import java.io.FileNotFoundException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Paths;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.function.BiConsumer;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/**
 * The entry of the agent: refuses a JVM that is too old, finds its own jar, opens {@link AgentClassLoader} over it and
 * hands over to the engine. It prints nothing unless the agent cannot start.
 *
 * <p>The contract is that {@code main} runs, whatever happens here: a throwable that leaves {@code premain} aborts the
 * JVM with exit code 134, so every one is caught. And that it runs soon: what is not needed is not touched, because a
 * lambda, a method handle, an annotation or a resource looked up here costs 5 to 20 ms, in every program that starts.
 *
 * <p>Only the copy of this class that is on the boot loader starts the engine. The manifest's {@code Boot-Class-Path}
 * puts it there. For a jar whose name is not in that entry the JVM loads a copy in the application's loader, which
 * appends the jar to the boot path and passes the start on (and the JVM says that class-data sharing ends there).
 */
public final class PoolscopeAgent {

    private static final int OLDEST_JAVA = 11;

    private static final String ENGINE = "io.poolscope.engine.start.Engine";

    /** Guarded by the class's lock: an AtomicBoolean would initialise {@code java.lang.invoke}, 2 to 8 ms. */
    private static boolean started;

    private PoolscopeAgent() {}

    /** Called by the JVM for {@code -javaagent}, before {@code main}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    /** Called by the JVM when the agent is attached while the application runs. */
    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    private static void start(String arguments, Instrumentation instrumentation) {
        try {
            if (isFirst()) {
                if (isTooOld(System.getProperty("java.specification.version"))) {
                    refuse();
                } else if (PoolscopeAgent.class.getClassLoader() == null) {
                    startEngine(arguments, instrumentation);
                } else {
                    passOnToBootLoader(arguments, instrumentation);
                }
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    private static synchronized boolean isFirst() {
        boolean first = !started;
        started = true;
        return first;
    }

    /** Called through an interface of the JDK: a static method called by reflection costs 8 ms more on Java 25. */
    private static void startEngine(String arguments, Instrumentation instrumentation) throws Exception {
        File jar = ownJar();
        Object engine = Class.forName(ENGINE, true, new AgentClassLoader(new ZipFile(jar), platformLoader()))
                .getConstructor()
                .newInstance();
        @SuppressWarnings("unchecked") // the engine says so itself
        BiConsumer<Instrumentation, String[]> start = (BiConsumer<Instrumentation, String[]>) engine;
        start.accept(instrumentation, new String[] {arguments, jar.getPath()});
    }

    private static void passOnToBootLoader(String arguments, Instrumentation instrumentation) throws Exception {
        Class<?> onBootLoader;
        try {
            // It is there when the loader that loaded this copy does not ask its parents first.
            onBootLoader = Class.forName(PoolscopeAgent.class.getName(), true, null);
        } catch (ClassNotFoundException e) {
            try (JarFile opened = new JarFile(ownJar(), false)) {
                instrumentation.appendToBootstrapClassLoaderSearch(opened);
            }
            onBootLoader = Class.forName(PoolscopeAgent.class.getName(), true, null);
        }
        onBootLoader.getMethod("premain", String.class, Instrumentation.class).invoke(null, arguments, instrumentation);
    }

    /** By the name of its class: {@code getPlatformClassLoader} is not in Java 8, and by reflection it costs 20 ms. */
    private static ClassLoader platformLoader() {
        for (ClassLoader loader = ClassLoader.getSystemClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader.getClass().getName().endsWith("$PlatformClassLoader")) {
                return loader;
            }
        }
        throw new IllegalStateException("the system class loader does not have the platform loader among its parents");
    }

    /**
     * Through a resource, {@code jar:file:/my%20agents/poolscope-agent.jar!/io/...}, because a class on the boot loader
     * has no code source. The system loader sees the boot path as it was when the JVM started, and every agent's jar.
     */
    private static File ownJar() throws FileNotFoundException, URISyntaxException {
        URL self = ClassLoader.getSystemResource(PoolscopeAgent.class.getName().replace('.', '/') + ".class");
        if (self == null) {
            throw new FileNotFoundException("its jar is not found, perhaps its path has letters that the locale lacks");
        }
        String path = self.getPath();
        return Paths.get(new URI(path.substring(0, path.lastIndexOf("!/")))).toFile();
    }

    private static boolean isTooOld(String specificationVersion) {
        return specificationVersion.startsWith("1.") || Integer.parseInt(specificationVersion) < OLDEST_JAVA;
    }

    private static void refuse() {
        report(
                "WARN",
                "needs Java " + OLDEST_JAVA + " or newer, this is Java " + System.getProperty("java.version") + " ("
                        + System.getProperty("java.vendor") + "); the application starts without it");
    }

    private static void failed(Throwable thrown) {
        Throwable cause =
                thrown instanceof InvocationTargetException && thrown.getCause() != null ? thrown.getCause() : thrown;
        report("ERROR", "could not start, the application starts without it: " + cause);
    }

    /** In one line, because whatever reads the log takes the next line for something else. */
    private static void report(String level, String message) {
        try {
            String now = new DateTimeFormatterBuilder()
                    .appendInstant(3)
                    .toFormatter()
                    .format(Instant.now());
            String line = message.replace('\r', ' ').replace('\n', ' ');
            System.err.println(now + " " + level + " [poolscope] " + line);
        } catch (Throwable e) {
            // Nothing is left to report to.
        }
    }
}

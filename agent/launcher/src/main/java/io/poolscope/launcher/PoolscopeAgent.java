package io.poolscope.launcher;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Paths;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
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
 * <p>Only the copy of this class that is on the boot loader starts the engine. The manifest's {@code Boot-Class-Path} puts
 * it there. For a jar whose name is not in that entry the JVM loads a copy in the application's loader, which appends
 * the jar to the boot path and passes the start on (and the JVM says that class-data sharing ends there).
 */
public final class PoolscopeAgent {

    private static final int OLDEST_JAVA = 11;

    private static final String ENGINE = "io.poolscope.engine.start.Engine";

    private static final String ENGINE_ENTRY = "inst/io/poolscope/engine/start/Engine.classdata";

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
                    startEngine(arguments, instrumentation, openOwnJar(platformLoader()));
                } else {
                    passOnToBootLoader(arguments, instrumentation);
                }
            }
        } catch (Throwable e) {
            failed(e);
        }
    }

    /**
     * What the copy of this class on another loader calls.
     *
     * @param jar the jar, just appended to the boot path, where no resource can be found as long as it was not there when
     *     the JVM started
     */
    @SuppressWarnings("unused") // by passOnToBootLoader
    static void startFrom(ZipFile jar, String arguments, Instrumentation instrumentation) {
        try {
            if (isFirst()) {
                startEngine(arguments, instrumentation, jar);
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

    private static void startEngine(String arguments, Instrumentation instrumentation, ZipFile jar) throws Exception {
        Class.forName(ENGINE, true, new AgentClassLoader(jar, platformLoader()))
                .getMethod("start", Instrumentation.class, String.class, File.class)
                .invoke(null, instrumentation, arguments, new File(jar.getName()));
    }

    private static void passOnToBootLoader(String arguments, Instrumentation instrumentation) throws Exception {
        ZipFile jar = openOwnJar(PoolscopeAgent.class.getClassLoader());
        Class<?> onBootLoader;
        try {
            // It is there when the loader that loaded this copy does not ask its parents first.
            onBootLoader = Class.forName(PoolscopeAgent.class.getName(), true, null);
        } catch (ClassNotFoundException e) {
            try (JarFile opened = new JarFile(new File(jar.getName()), false)) {
                instrumentation.appendToBootstrapClassLoaderSearch(opened);
            }
            onBootLoader = Class.forName(PoolscopeAgent.class.getName(), true, null);
        }
        Method startFrom =
                onBootLoader.getDeclaredMethod("startFrom", ZipFile.class, String.class, Instrumentation.class);
        startFrom.setAccessible(true);
        startFrom.invoke(null, jar, arguments, instrumentation);
    }

    /** By the name of its class, because {@code getPlatformClassLoader} is not in Java 8 and costs 20 ms by reflection. */
    private static ClassLoader platformLoader() {
        for (ClassLoader loader = ClassLoader.getSystemClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader.getClass().getName().endsWith("$PlatformClassLoader")) {
                return loader;
            }
        }
        throw new IllegalStateException("the system class loader does not have the platform loader among its parents");
    }

    /**
     * The JVM appends the jar of every {@code -javaagent} to the class path: looking there is 10 ms faster than asking a
     * loader for a resource. An agent that is attached later is not in that list.
     *
     * @param loader one that sees this class as a resource; a class on the boot loader has no code source to ask
     */
    private static ZipFile openOwnJar(ClassLoader loader) throws IOException, URISyntaxException {
        String[] classPath = System.getProperty("java.class.path", "").split(File.pathSeparator);
        for (int i = classPath.length - 1; i >= 0; i--) {
            ZipFile jar = classPath[i].endsWith(".jar") ? openIfOwn(new File(classPath[i])) : null;
            if (jar != null) {
                return jar;
            }
        }
        // jar:file:/opt/my%20agents/poolscope-agent.jar!/io/poolscope/...
        String path = loader.getResource(PoolscopeAgent.class.getName().replace('.', '/') + ".class")
                .getPath();
        return new ZipFile(
                Paths.get(new URI(path.substring(0, path.lastIndexOf("!/")))).toFile());
    }

    private static ZipFile openIfOwn(File file) {
        try {
            ZipFile zip = new ZipFile(file.getAbsoluteFile());
            if (zip.getEntry(ENGINE_ENTRY) != null) {
                return zip;
            }
            zip.close();
        } catch (IOException e) {
            // Not a jar, or not there: the JVM tolerates both on a class path.
        }
        return null;
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

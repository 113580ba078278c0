package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.ClientInstrumentation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Sees every class that is loaded, and hands those of a watched client to the {@link Loom}.
 *
 * <p>A raw transformer with a table of names ({@link Copies}) instead of Byte Buddy's {@code AgentBuilder}, which costs 0.4 to 0.5 s more
 * at start and offers nothing that is needed here.
 *
 * <p>Two transformers, because a field can only be added to a class that is being loaded:
 *
 * <ul>
 *   <li>one weaves classes as they are loaded. It is not capable of retransformation: where a neighbouring agent
 *       retransforms a woven class, the JVM starts from what this one returned when the class was loaded;
 *   <li>one weaves classes that had been loaded before we came, without the field ({@link io.poolscope.model.Carried}
 *       keeps their state). It is capable of retransformation, and acts only on classes that we asked for.
 * </ul>
 *
 * <p>The JVM does not call a transformer for classes that its own thread loads while it transforms; what the loom needs
 * of a library it therefore reads as class files and never loads.
 */
public final class Weaver {

    /** Packages of other agents. */
    private static final String[] OTHER_AGENTS = {
        "io.opentelemetry.javaagent.",
        "co.elastic.apm.agent.",
        "datadog.",
        "com.newrelic.",
        "com.dynatrace.",
        "org.apache.skywalking.apm.",
        "com.appdynamics.",
        "com.singularity.",
        "com.navercorp.pinpoint.",
        "org.glowroot."
    };

    private final Instrumentation jvm;
    private final WeavingListener listener;
    private final ClassLoader own = Weaver.class.getClassLoader();
    private final Copies copies = new Copies();
    /** Classes that were loaded before us and are woven without a field, and what they belong to; guarded by itself. */
    private final Map<Class<?>, Copy> loadedBefore = new WeakHashMap<>();

    /** Classes that were woven as they were loaded, by name, as the JVM spells it; guarded by itself. */
    private final Map<ClassLoader, Set<String>> seenAtLoading = new WeakHashMap<>();

    /** What could not be woven as a whole, because something of ours failed: what follows of it is left alone. */
    private final Set<Copy> broken = ConcurrentHashMap.newKeySet();

    private volatile Loom loom;

    /**
     * A weaver that has not been {@linkplain #install installed}.
     *
     * @param enabled by the name of an instrumentation, whether the user wants it
     */
    public Weaver(Instrumentation jvm, Predicate<String> enabled, WeavingListener listener) {
        this.jvm = jvm;
        this.listener = listener;
        for (ClientInstrumentation client : ServiceLoader.load(ClientInstrumentation.class, own)) {
            if (enabled.test(client.name())) {
                copies.add(client);
            }
        }
    }

    /** Weaves from now on what is loaded, and what had been loaded before. */
    public void install() {
        jvm.addTransformer(new AtLoading(), false);
        List<Class<?>> late = loadedUnwoven();
        if (!late.isEmpty()) {
            jvm.addTransformer(new Loaded(), true);
        }
        // In a program that runs already, a class may have been on its way past us: it is there the next time.
        while (!late.isEmpty()) {
            weaveLoaded(late);
            late = loadedUnwoven();
        }
    }

    private List<Class<?>> loadedUnwoven() {
        List<Class<?>> unwoven = new ArrayList<>();
        for (Class<?> loaded : jvm.getAllLoadedClasses()) {
            String name = loaded.getName().replace('.', '/');
            ClassLoader loader = loaded.getClassLoader();
            if (copies.mayHave(name) && isWatched(loader, name) && !isSeenAtLoading(loader, name)) {
                Copy copy = copyOf(loaded, name);
                synchronized (loadedBefore) {
                    if (copy != null && loadedBefore.putIfAbsent(loaded, copy) == null) {
                        unwoven.add(loaded);
                    }
                }
            }
        }
        return unwoven;
    }

    /** What a class belongs to that had been loaded before, null if it is only called alike, or cannot be told. */
    private Copy copyOf(Class<?> loaded, String name) {
        try (InputStream in = loaded.getClassLoader().getResourceAsStream(name + ".class")) {
            return in == null ? copies.original(name) : copies.of(name, in.readAllBytes());
        } catch (IOException | RuntimeException | LinkageError unreadable) {
            return copies.original(name);
        }
    }

    /** All in one step, between which no other thread runs: a request must not meet acquiring woven and releasing not. */
    private void weaveLoaded(List<Class<?>> late) {
        try {
            jvm.retransformClasses(late.toArray(new Class<?>[0]));
        } catch (UnmodifiableClassException | LinkageError | RuntimeException refused) {
            listener.failed("weaving classes that had been loaded before", refused);
            Loom used = loom;
            if (used != null) {
                for (Class<?> loaded : late) {
                    used.giveUp(loadedBefore(loaded), loaded.getClassLoader(), loaded.getName(), refused);
                }
            }
        }
    }

    private Copy loadedBefore(Class<?> loaded) {
        synchronized (loadedBefore) {
            return loadedBefore.get(loaded);
        }
    }

    private void seenAtLoading(ClassLoader loader, String name) {
        synchronized (seenAtLoading) {
            Set<String> names = seenAtLoading.get(loader);
            if (names == null) {
                names = new HashSet<>();
                seenAtLoading.put(loader, names);
            }
            names.add(name);
        }
    }

    private boolean isSeenAtLoading(ClassLoader loader, String name) {
        synchronized (seenAtLoading) {
            Set<String> names = seenAtLoading.get(loader);
            return names != null && names.contains(name);
        }
    }

    private byte[] weave(
            Copy copy,
            ClassLoader loader,
            String name,
            ProtectionDomain domain,
            byte[] classFile,
            boolean mayAddField) {
        if (broken.contains(copy)) {
            return null;
        }
        try {
            return loom().weave(copy, loader, name.replace('/', '.'), domain, classFile, mayAddField);
        } catch (Throwable failure) {
            if (broken.add(copy)) {
                listener.failed("weaving " + name.replace('/', '.'), failure);
            }
            return null;
        }
    }

    private Loom loom() {
        Loom ready = loom;
        if (ready == null) {
            synchronized (this) {
                if (loom == null) {
                    loom = new Loom(listener);
                }
                ready = loom;
            }
        }
        return ready;
    }

    /**
     * Not the boot loader's, not our own, and not those of other agents, which bring HTTP clients of their own, in loaders of
     * their own or moved to packages of their own.
     */
    private boolean isWatched(ClassLoader loader, String name) {
        if (loader == null || loader == own) {
            return false;
        }
        String loaderName = loader.getClass().getName();
        for (String agent : OTHER_AGENTS) {
            if (loaderName.startsWith(agent) || name.startsWith(agent.replace('.', '/'))) {
                return false;
            }
        }
        return true;
    }

    private final class AtLoading implements ClassFileTransformer {

        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
            if (name == null || !copies.mayHave(name) || !isWatched(loader, name)) {
                return null;
            }
            Copy copy = copies.of(name, classFile);
            if (copy == null) {
                return null;
            }
            if (redefined != null) {
                // A neighbour redefines: the class must keep the shape that it was loaded with.
                return loadedBefore(redefined) == null
                        ? weave(copy, loader, name, domain, classFile, Loom.hasField(redefined))
                        : null;
            }
            seenAtLoading(loader, name);
            return weave(copy, loader, name, domain, classFile, true);
        }
    }

    private final class Loaded implements ClassFileTransformer {

        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
            Copy copy = redefined == null ? null : loadedBefore(redefined);
            return copy == null ? null : weave(copy, loader, name, domain, classFile, false);
        }
    }
}

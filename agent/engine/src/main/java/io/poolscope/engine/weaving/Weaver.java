package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.ClientInstrumentation;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
 * <p>A raw transformer with a map of names instead of Byte Buddy's {@code AgentBuilder}, which costs 0.4 to 0.5 s more
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

    private final Instrumentation jvm;
    private final WeavingListener listener;
    private final ClassLoader own = Weaver.class.getClassLoader();
    /** Clients by the names of their types, as the JVM spells them. */
    private final Map<String, ClientInstrumentation> clients = new HashMap<>();
    /** Classes that were loaded before us and are woven without a field; guarded by itself. */
    private final Set<Class<?>> loadedBefore = Collections.newSetFromMap(new WeakHashMap<>());

    /** Classes that were woven as they were loaded, by name, as the JVM spells it; guarded by itself. */
    private final Map<ClassLoader, Set<String>> seenAtLoading = new WeakHashMap<>();

    /** Clients whose instrumentation failed as a whole: what follows of them is left alone. */
    private final Set<ClientInstrumentation> broken = ConcurrentHashMap.newKeySet();

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
                for (String type : client.entryTypes()) {
                    clients.put(type.replace('.', '/'), client);
                }
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
            if (clients.containsKey(name) && isWatched(loader) && !isSeenAtLoading(loader, name)) {
                synchronized (loadedBefore) {
                    if (loadedBefore.add(loaded)) {
                        unwoven.add(loaded);
                    }
                }
            }
        }
        return unwoven;
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
                    used.giveUp(loaded.getClassLoader(), loaded.getName(), refused);
                }
            }
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
            ClassLoader loader, String name, ProtectionDomain domain, byte[] classFile, boolean mayAddField) {
        ClientInstrumentation client = clients.get(name);
        if (broken.contains(client)) {
            return null;
        }
        try {
            return loom().weave(client, loader, name.replace('/', '.'), domain, classFile, mayAddField);
        } catch (Throwable failure) {
            if (broken.add(client)) {
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

    /** Not the boot loader's, not our own, and not those of other agents, which bring HTTP clients of their own. */
    private boolean isWatched(ClassLoader loader) {
        if (loader == null || loader == own) {
            return false;
        }
        String type = loader.getClass().getName();
        return !type.startsWith("io.opentelemetry.javaagent.")
                && !type.startsWith("co.elastic.apm.agent.")
                && !type.startsWith("datadog.")
                && !type.startsWith("com.newrelic.")
                && !type.startsWith("com.dynatrace.")
                && !type.startsWith("org.apache.skywalking.apm.agent.");
    }

    private final class AtLoading implements ClassFileTransformer {

        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
            if (name == null || !clients.containsKey(name) || !isWatched(loader)) {
                return null;
            }
            if (redefined != null) {
                // A neighbour redefines: the class must keep the shape that it was loaded with.
                synchronized (loadedBefore) {
                    if (loadedBefore.contains(redefined)) {
                        return null;
                    }
                }
                return weave(loader, name, domain, classFile, Loom.hasField(redefined));
            }
            seenAtLoading(loader, name);
            return weave(loader, name, domain, classFile, true);
        }
    }

    private final class Loaded implements ClassFileTransformer {

        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
            if (redefined == null) {
                return null;
            }
            synchronized (loadedBefore) {
                if (!loadedBefore.contains(redefined)) {
                    return null;
                }
            }
            return weave(loader, name, domain, classFile, false);
        }
    }
}

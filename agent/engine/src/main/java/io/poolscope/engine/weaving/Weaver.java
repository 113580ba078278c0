package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.ClientInstrumentation;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
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
        List<Class<?>> late = new ArrayList<>();
        for (Class<?> loaded : jvm.getAllLoadedClasses()) {
            if (clients.containsKey(loaded.getName().replace('.', '/')) && isWatched(loaded.getClassLoader())) {
                late.add(loaded);
            }
        }
        if (!late.isEmpty()) {
            weaveLoaded(late);
        }
    }

    private void weaveLoaded(List<Class<?>> late) {
        synchronized (loadedBefore) {
            loadedBefore.addAll(late);
        }
        jvm.addTransformer(new Loaded(), true);
        for (Class<?> loaded : late) {
            try {
                jvm.retransformClasses(loaded);
            } catch (UnmodifiableClassException | LinkageError refused) {
                listener.failed("weaving " + loaded.getName() + ", which had been loaded before", refused);
            }
        }
    }

    private byte[] weave(
            ClassLoader loader, String name, ProtectionDomain domain, byte[] classFile, boolean mayAddField) {
        try {
            Loom ready = loom;
            if (ready == null) {
                synchronized (this) {
                    if (loom == null) {
                        loom = new Loom(listener);
                    }
                    ready = loom;
                }
            }
            return ready.weave(clients.get(name), loader, name.replace('/', '.'), domain, classFile, mayAddField);
        } catch (Throwable failure) {
            listener.failed("weaving " + name.replace('/', '.'), failure);
            return null;
        }
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

package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.ClientId;
import io.poolscope.instrumentation.Hook;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import io.poolscope.model.Carrier;
import io.poolscope.model.Client;
import java.io.IOException;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.modifier.FieldPersistence;
import net.bytebuddy.description.modifier.SyntheticState;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.TypeResolutionStrategy;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.FieldAccessor;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.implementation.bytecode.constant.IntegerConstant;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Changes a class: inlines advice, and adds the field and the interface of a {@link Carrier}.
 *
 * <p>Nothing of the library is loaded or resolved for it: types are described from class files, by name where that is
 * enough. What advice throws goes to {@link Client#suppressed}. Thread-safe.
 */
final class Loom {

    /** The field that weaving adds, of type Object so that no loader can fail to resolve it; its accessors too. */
    private static final String FIELD = "poolscope$state";

    private final ByteBuddy byteBuddy = new ByteBuddy()
            .with(TypeValidation.DISABLED)
            .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
            .with(Implementation.Context.Disabled.Factory.INSTANCE)
            .ignore(ElementMatchers.none());
    private final WeavingListener listener;
    private final ClassFileLocator ownClassFiles = ClassFileLocator.ForClassLoader.of(Loom.class.getClassLoader());
    private final StackManipulation suppress = MethodInvocation.invoke(TypeDescription.ForLoadedType.of(Client.class)
            .getDeclaredMethods()
            .filter(ElementMatchers.named("suppressed"))
            .getOnly());
    /** What was met, by loader and library, of which each copy has its own; guarded by itself. */
    private final Map<ClassLoader, Map<Library, Watched>> watched = new WeakHashMap<>();
    /** What was said not to be watched: a container has a hundred loaders that hide the model, and one line is enough. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    Loom(WeavingListener listener) {
        this.listener = listener;
    }

    /** Whether this class was loaded with our field. */
    static boolean hasField(Class<?> loaded) {
        return Arrays.stream(loaded.getInterfaces()).anyMatch(Carrier.class::equals);
    }

    /** The woven class file; null if the class is to stay as it is. */
    byte[] weave(
            Copy copy, ClassLoader loader, String name, ProtectionDomain domain, byte[] classFile, boolean mayAddField)
            throws IOException {
        String there = copy.thereInSource(name);
        for (Library library : copy.libraries()) {
            if (names(library, there)) {
                if (library.whyUnwatched() != null) {
                    unwatched(copy, library, loader, domain);
                    return null;
                }
                Watched watched = watched(copy, library, loader, domain);
                WovenType type = watched.client.isOn() ? watched.fitting.type(there) : null;
                try {
                    return type == null ? null : weave(type, name, watched, loader, classFile, mayAddField);
                } catch (RuntimeException | LinkageError failure) {
                    // What is woven already cannot be taken back, but it can be told to do nothing.
                    giveUp(copy, loader, name, failure);
                    return null;
                }
            }
        }
        return null;
    }

    /** A type cannot be woven that had seemed to fit: the whole client is off in this loader. */
    void giveUp(Copy copy, ClassLoader loader, String name, Throwable failure) {
        String there = copy.thereInSource(name);
        synchronized (watched) {
            Map<Library, Watched> here = watched.getOrDefault(loader, Map.of());
            for (Library library : copy.libraries()) {
                Watched failed = here.get(library);
                if (failed != null && names(library, there)) {
                    for (Client client : Client.all()) {
                        if (client.isOneWith(failed.client)) {
                            client.unsupported(failure);
                        }
                    }
                }
            }
        }
    }

    private static boolean names(Library library, String name) {
        for (List<WovenType> alternatives : library.variants()) {
            for (WovenType type : alternatives) {
                if (type.name().equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void unwatched(Copy copy, Library library, ClassLoader loader, ProtectionDomain domain) throws IOException {
        boolean isThere = Fitting.of(library, copy, ClassFileLocator.ForClassLoader.of(loader), null)
                        .missing()
                == null;
        if (isThere && refused.add(copy + library.label())) {
            String version = LibraryVersion.of(library, copy, loader, domain);
            listener.notWatched(
                    Client.add(copy.client().name(), library.label(), copy.place(), version, Client.UNSUPPORTED),
                    library.whyUnwatched());
        }
    }

    private Watched watched(Copy copy, Library library, ClassLoader loader, ProtectionDomain domain)
            throws IOException {
        synchronized (watched) {
            Watched known = watched.getOrDefault(loader, Map.of()).get(library);
            if (known != null) {
                return known;
            }
        }
        // Outside of the lock: this calls the application's loaders, which have locks of their own.
        ClassFileLocator advice = copy.isMoved() ? new MovedAdvice(ownClassFiles, copy) : ownClassFiles;
        String version = LibraryVersion.of(library, copy, loader, domain);
        String bound = library.firstUnchecked();
        Fitting fitting = bound != null && LibraryVersion.isFrom(bound, version)
                ? Fitting.unfit("versions from " + bound + " on have not been checked")
                : fitting(library, copy, loader, advice);
        Watched met;
        synchronized (watched) {
            Map<Library, Watched> ofLoader = watched.computeIfAbsent(loader, unused -> new HashMap<>());
            met = ofLoader.get(library);
            if (met != null) {
                return met;
            }
            met = new Watched(
                    Client.add(
                            copy.client().name(),
                            library.isPart() ? null : library.label(),
                            copy.place(),
                            version,
                            fitting.missing() == null ? Client.ON : Client.UNSUPPORTED),
                    fitting,
                    advice,
                    copy);
            ofLoader.put(library, met);
        }
        if (fitting.missing() == null) {
            listener.watched(met.client);
        } else if (!library.isPart() && refused.add(copy + library.label() + version + fitting.missing())) {
            listener.notWatched(met.client, fitting.missing());
        }
        return met;
    }

    /** How the library fits; a client fits only with the parts that it builds upon. */
    private static Fitting fitting(Library library, Copy copy, ClassLoader loader, ClassFileLocator advice)
            throws IOException {
        if (!seesModel(loader)) {
            return Fitting.unfit("its class loader " + loader.getClass().getName()
                    + " hides the package io.poolscope.model of the boot loader");
        }
        ClassFileLocator classFiles = ClassFileLocator.ForClassLoader.of(loader);
        MovedAdvice moved = copy.isMoved() ? (MovedAdvice) advice : null;
        if (!library.isPart()) {
            for (Library other : copy.libraries()) {
                String missing = other.isPart()
                        ? Fitting.of(other, copy, classFiles, moved).missing()
                        : null;
                if (missing != null) {
                    return Fitting.unfit(missing);
                }
            }
        }
        return Fitting.of(library, copy, classFiles, moved);
    }

    /** Whether woven code in this loader would find the model. OSGi and JBoss Modules hide it unless told otherwise. */
    private static boolean seesModel(ClassLoader loader) {
        try {
            return Class.forName(Carrier.class.getName(), false, loader) == Carrier.class;
        } catch (ClassNotFoundException | LinkageError hidden) {
            return false;
        }
    }

    private byte[] weave(
            WovenType type, String name, Watched watched, ClassLoader loader, byte[] classFile, boolean mayAddField) {
        ClassFileLocator classFiles = new ClassFileLocator.Compound(
                ClassFileLocator.Simple.of(name, classFile),
                ClassFileLocator.ForClassLoader.of(loader),
                watched.advice);
        TypePool types = new TypePool.Default.WithLazyResolution(
                new TypePool.CacheProvider.Simple(), classFiles, TypePool.Default.ReaderMode.FAST);
        DynamicType.Builder<?> builder = byteBuddy.redefine(types.describe(name).resolve(), classFiles);
        if (type.isCarrier() && mayAddField) {
            builder = carrier(builder);
        }
        for (Hook hook : type.hooks()) {
            builder = builder.visit(advice(hook, watched, types).on(matching(hook, watched.copy)));
        }
        return builder.make(TypeResolutionStrategy.Disabled.INSTANCE, types).getBytes();
    }

    private static DynamicType.Builder<?> carrier(DynamicType.Builder<?> builder) {
        return builder.defineField(
                        FIELD, Object.class, Visibility.PRIVATE, FieldPersistence.TRANSIENT, SyntheticState.SYNTHETIC)
                .implement(Carrier.class)
                .defineMethod(FIELD, Object.class, Visibility.PUBLIC, SyntheticState.SYNTHETIC)
                .intercept(FieldAccessor.ofField(FIELD))
                .defineMethod(FIELD, void.class, Visibility.PUBLIC, SyntheticState.SYNTHETIC)
                .withParameters(Object.class)
                .intercept(FieldAccessor.ofField(FIELD));
    }

    private Advice advice(Hook hook, Watched watched, TypePool types) {
        int id = watched.client.id();
        return Advice.withCustomMapping()
                .bind(ClientId.class, id)
                .to(types.describe(hook.advice()).resolve(), watched.advice)
                .withExceptionHandler(new Advice.ExceptionHandler.Simple(
                        new StackManipulation.Compound(IntegerConstant.forValue(id), suppress)));
    }

    private static ElementMatcher<MethodDescription> matching(Hook hook, Copy copy) {
        return method -> !method.isBridge()
                && !method.isAbstract()
                && copy.matches(hook, method.getInternalName(), method.getDescriptor());
    }

    /** A library in a loader, how it fits, and what is woven into it. */
    private static final class Watched {

        final Client client;
        final Fitting fitting;
        /** Where advice is read. */
        final ClassFileLocator advice;

        final Copy copy;

        Watched(Client client, Fitting fitting, ClassFileLocator advice, Copy copy) {
            this.client = client;
            this.fitting = fitting;
            this.advice = advice;
            this.copy = copy;
        }
    }
}

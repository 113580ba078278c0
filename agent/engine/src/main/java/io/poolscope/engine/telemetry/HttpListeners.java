package io.poolscope.engine.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.util.Collections;

/**
 * Opens {@link HttpListener}s, also where the JDK's HTTP server is not at hand: in a modular application the module {@code
 * jdk.httpserver} is only resolved if somebody requires it, and a small run-time image may not contain it at all.
 *
 * <p>Where it exists and is not resolved, it goes into a layer of our own, and {@link JdkHttpListener} is defined once more
 * in a loader that sees that layer.
 */
final class HttpListeners {

    private static final String MODULE = "jdk.httpserver";
    private static final String SERVER = "com.sun.net.httpserver.HttpServer";
    private static final String LISTENER = "io.poolscope.engine.telemetry.JdkHttpListener";

    private static Constructor<? extends HttpListener> constructor;

    private HttpListeners() {}

    /** There is no HTTP server in this JVM. */
    static final class Missing extends Exception {

        private static final long serialVersionUID = 1;

        Missing(String why) {
            super(why);
        }
    }

    /**
     * Listens there.
     *
     * @throws IOException if that cannot be: the port is taken, the address is none of this machine
     */
    static HttpListener open(InetSocketAddress address, HttpListener.Handler handler) throws IOException, Missing {
        try {
            return constructor().newInstance(address, handler);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException) {
                throw (IOException) e.getCause();
            }
            throw new Missing(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw new Missing(e.toString());
        }
    }

    private static synchronized Constructor<? extends HttpListener> constructor()
            throws Missing, ReflectiveOperationException {
        if (constructor == null) {
            ClassLoader ours = HttpListeners.class.getClassLoader();
            constructor = Class.forName(LISTENER, true, isVisible(ours) ? ours : new Bridge(layer(), ours))
                    .asSubclass(HttpListener.class)
                    .getConstructor(InetSocketAddress.class, HttpListener.Handler.class);
        }
        return constructor;
    }

    private static boolean isVisible(ClassLoader loader) {
        try {
            Class.forName(SERVER, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static ClassLoader layer() throws Missing {
        ModuleFinder system = ModuleFinder.ofSystem();
        if (system.find(MODULE).isEmpty()) {
            throw new Missing("this Java run-time image has no module " + MODULE);
        }
        // The modules of the boot layer first: the system's java.base would be defined a second time otherwise.
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration().resolve(ModuleFinder.of(), system, Collections.singleton(MODULE));
        return boot.defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader())
                .findLoader(MODULE);
    }

    /** Defines the listener's class; everything else comes from the layer, or from our own loader. */
    private static final class Bridge extends ClassLoader {

        private final ClassLoader layer;

        Bridge(ClassLoader layer, ClassLoader ours) {
            super(ours);
            this.layer = layer;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.sun.net.httpserver.")) {
                return layer.loadClass(name);
            }
            return name.equals(LISTENER) ? own(name) : super.loadClass(name, resolve);
        }

        private Class<?> own(String name) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length, HttpListeners.class.getProtectionDomain());
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}

package io.poolscope.testkit.baddays;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/**
 * An application server: runs {@link Errands} in class loaders of its own, one after the other.
 *
 * <p>Arguments: the server, the client, then for each loader its kind and its class path in one argument, {@code
 * hiding=a.jar:b.jar}.
 */
public final class Containers {

    private Containers() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 2; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            List<URL> urls = urls(arguments[i].substring(equals + 1));
            ClassLoader loader = arguments[i].startsWith("hiding=") ? new Hiding(urls) : new ChildFirst(urls);
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(Errands.class.getName())
                    .getMethod("run", String.class, String.class)
                    .invoke(null, arguments[0], arguments[1]);
        }
        Errands.linger();
        System.exit(Errands.EXIT);
    }

    private static List<URL> urls(String path) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            urls.add(Paths.get(entry).toUri().toURL());
        }
        return urls;
    }

    /** As OSGi and JBoss Modules do it: what is not here, and not the platform's, is nowhere. */
    private static final class Hiding extends URLClassLoader {

        static {
            registerAsParallelCapable();
        }

        Hiding(List<URL> urls) {
            super(urls.toArray(new URL[0]), null);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            for (String prefix : new String[] {"java.", "javax.", "jdk.", "sun.", "com.sun.", "org.ietf.jgss."}) {
                if (name.startsWith(prefix)) {
                    return ClassLoader.getPlatformClassLoader().loadClass(name);
                }
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        public URL getResource(String name) {
            return findResource(name);
        }
    }

    /** As servlet containers do it: a web application's own libraries first, then the container's. */
    private static final class ChildFirst extends URLClassLoader {

        static {
            registerAsParallelCapable();
        }

        ChildFirst(List<URL> urls) {
            super(urls.toArray(new URL[0]), Containers.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && getResourceHere(name) == null) {
                    return super.loadClass(name, resolve);
                }
                return loaded == null ? findClass(name) : loaded;
            }
        }

        private URL getResourceHere(String name) {
            return findResource(name.replace('.', '/') + ".class");
        }

        @Override
        public URL getResource(String name) {
            URL own = findResource(name);
            return own == null ? super.getResource(name) : own;
        }
    }
}

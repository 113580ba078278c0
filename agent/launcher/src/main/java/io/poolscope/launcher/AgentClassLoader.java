package io.poolscope.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads everything of the agent but launcher and model, out of the entries {@code inst/**.classdata} of its jar, child
 * first.
 *
 * <pre>
 *     boot loader            java.*; from the root of the agent's jar io.poolscope.launcher and io.poolscope.model
 *          |
 *     platform loader        java.sql, jdk.httpserver ...
 *          |         \
 *     app loader      AgentClassLoader      inst/: engine, instrumentations, Byte Buddy, OpenTelemetry SDK, OkHttp
 *          |
 *     the application's      (woven code calls io.poolscope.model; nobody sees into the AgentClassLoader)
 * </pre>
 *
 * <p>Child first, because another agent may have put classes of the same names on the boot loader. The name
 * {@code .classdata} hides the classes from whoever scans the class path, where the JVM puts the jar of every agent;
 * asked for {@code X.class} as a resource, this loader finds {@code X.classdata}, so that Byte Buddy can read advice.
 *
 * <p>Thread-safe and parallel capable. Entries are read from one open file, without a manifest, signatures or
 * multi-release versions, all of which the packaging has dealt with. The classes have the launcher's protection domain,
 * which is that of the JDK (all permissions), not that of the application's policy.
 */
final class AgentClassLoader extends ClassLoader {

    private static final String ROOT = "inst/";

    private static final ProtectionDomain DOMAIN = AgentClassLoader.class.getProtectionDomain();

    static {
        registerAsParallelCapable();
    }

    private final ZipFile jar;

    /**
     * Creates the loader.
     *
     * @param jar the agent's jar, which stays open as long as the loader lives
     * @param platform the platform loader
     */
    AgentClassLoader(ZipFile jar, ClassLoader platform) {
        super(platform);
        this.jar = jar;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                ZipEntry entry = name.startsWith("java.") ? null : entry(name.replace('.', '/') + ".class");
                loaded = entry == null ? getParent().loadClass(name) : define(name, entry);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private Class<?> define(String name, ZipEntry entry) throws ClassNotFoundException {
        try {
            byte[] bytes = read(entry);
            // The package is named by the JVM since Java 9, so there is none to define.
            return defineClass(name, bytes, 0, bytes.length, DOMAIN);
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " cannot be read from " + jar.getName(), e);
        }
    }

    private byte[] read(ZipEntry entry) throws IOException {
        byte[] bytes = new byte[(int) entry.getSize()];
        try (InputStream in = jar.getInputStream(entry)) {
            int read = 0;
            while (read < bytes.length) {
                int n = in.read(bytes, read, bytes.length - read);
                if (n < 0) {
                    throw new IOException(entry.getName() + " ends after " + read + " of " + bytes.length + " bytes");
                }
                read += n;
            }
        }
        return bytes;
    }

    private ZipEntry entry(String resource) {
        return jar.getEntry(path(resource));
    }

    private static String path(String resource) {
        return ROOT + (resource.endsWith(".class") ? resource + "data" : resource);
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? getParent().getResource(name) : own;
    }

    /** Services are ours alone: a provider that the parent names would implement the parent's copy of the interface. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = Collections.list(findResources(name));
        if (!name.startsWith("META-INF/services/")) {
            all.addAll(Collections.list(getParent().getResources(name)));
        }
        return Collections.enumeration(all);
    }

    @Override
    protected URL findResource(String name) {
        if (entry(name) == null) {
            return null;
        }
        try {
            return new URL("jar:" + new File(jar.getName()).toURI().toASCIIString() + "!/" + path(name));
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not through the URL, whose connection would open the jar a second time and cache it. */
    @Override
    public InputStream getResourceAsStream(String name) {
        ZipEntry own = entry(name);
        try {
            return own == null ? getParent().getResourceAsStream(name) : jar.getInputStream(own);
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        List<URL> found = new ArrayList<>(1);
        URL own = findResource(name);
        if (own != null) {
            found.add(own);
        }
        return Collections.enumeration(found);
    }
}

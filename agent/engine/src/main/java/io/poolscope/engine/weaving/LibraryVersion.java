package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.Library;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out the version of a library from what its jar says of itself. */
final class LibraryVersion {

    /** Said where a jar does not tell. */
    static final String UNKNOWN = "unknown";

    private static final Pattern FILE_NAME = Pattern.compile("-(\\d+(?:\\.\\w+)+(?:-[\\w.]+)?)\\.jar$");
    private static final Attributes.Name BUNDLE_VERSION = new Attributes.Name("Bundle-Version");

    private LibraryVersion() {}

    /**
     * By what lies beside its classes; else, but not of a copy, whose jar is somebody else's, by its Maven properties, its
     * file name or its manifest.
     */
    static String of(Library library, Copy copy, ClassLoader loader, ProtectionDomain domain) {
        try {
            String version = fromOwnFile(library, copy, loader);
            if (version == null && !copy.isMoved()) {
                version = fromMaven(library, loader);
            }
            if (version == null && !copy.isMoved()) {
                version = fromJar(domain);
            }
            return version == null ? UNKNOWN : version;
        } catch (IOException | RuntimeException unreadable) {
            return UNKNOWN;
        }
    }

    /**
     * Whether a version is this one, a preview of it or a later one; one that does not begin with a number is not.
     *
     * @param first numbers with dots
     */
    static boolean isFrom(String first, String version) {
        String[] numbers = version.split("\\D+");
        if (numbers.length == 0 || numbers[0].isEmpty()) {
            return false;
        }
        String[] bounds = first.split("\\.");
        for (int i = 0; i < bounds.length; i++) {
            int difference =
                    Integer.compare(i < numbers.length ? Integer.parseInt(numbers[i]) : 0, Integer.parseInt(bounds[i]));
            if (difference != 0) {
                return difference > 0;
            }
        }
        return true;
    }

    private static String fromOwnFile(Library library, Copy copy, ClassLoader loader) throws IOException {
        String version = library.versionFile() == null
                ? null
                : property(copy.here(library.versionFile()), "info.release", loader);
        // One that was packaged without its build says ${pom.version}.
        return version == null || version.isEmpty() || !Character.isDigit(version.charAt(0)) ? null : version;
    }

    private static String fromMaven(Library library, ClassLoader loader) throws IOException {
        String file = "META-INF/maven/" + library.group() + "/" + library.artifact() + "/pom.properties";
        return property(file, "version", loader);
    }

    private static String property(String file, String key, ClassLoader loader) throws IOException {
        try (InputStream in = loader.getResourceAsStream(file)) {
            if (in == null) {
                return null;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty(key);
        }
    }

    private static String fromJar(ProtectionDomain domain) throws IOException {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null || !location.getPath().endsWith(".jar")) {
            return null;
        }
        Matcher named = FILE_NAME.matcher(location.getPath());
        if (named.find()) {
            return named.group(1);
        }
        try (JarInputStream jar = new JarInputStream(location.openStream())) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                return null;
            }
            Attributes attributes = manifest.getMainAttributes();
            String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            return version != null ? version : attributes.getValue(BUNDLE_VERSION);
        }
    }
}

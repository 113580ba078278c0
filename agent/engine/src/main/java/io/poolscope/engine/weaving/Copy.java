package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.ClientInstrumentation;
import io.poolscope.instrumentation.Hook;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import java.util.List;

/**
 * A client as it lies in jars: the library itself, or a copy of it that somebody has moved ("shaded", relocated) to a package
 * of his own. Hooks and advice speak of the library; this translates.
 *
 * <p>Names are those of class files here ({@code org/apache/http/HttpHost}) or those of source, as said. Nothing of Byte
 * Buddy is loaded for it. Thread-safe.
 */
final class Copy {

    private final ClientInstrumentation client;
    /** The library's package and the copy's, with slashes and one at the end; both null for the library itself. */
    private final String from;

    private final String to;

    private volatile List<Library> libraries;

    private Copy(ClientInstrumentation client, String from, String to) {
        this.client = client;
        this.from = from;
        this.to = to;
    }

    /** The library itself. */
    static Copy original(ClientInstrumentation client) {
        return new Copy(client, null, null);
    }

    /** A copy in this package instead of the client's own, both with slashes. */
    static Copy moved(ClientInstrumentation client, String from, String to) {
        return new Copy(client, from + "/", to + "/");
    }

    ClientInstrumentation client() {
        return client;
    }

    /** Whether somebody has moved it. */
    boolean isMoved() {
        return to != null;
    }

    /** The package that it was moved to, as in source; null for the library itself. */
    String place() {
        return to == null ? null : to.substring(0, to.length() - 1).replace('/', '.');
    }

    /** Its jars: objects of its own, which no other copy has. */
    List<Library> libraries() {
        List<Library> known = libraries;
        if (known == null) {
            synchronized (this) {
                if (libraries == null) {
                    libraries = client.libraries();
                }
                known = libraries;
            }
        }
        return known;
    }

    /** What this name of the library is here; names that are not the library's are the same. As in class files. */
    String here(String name) {
        return to != null && name.startsWith(from) ? to + name.substring(from.length()) : name;
    }

    /** What this name is in the library; what the library itself has by this name is nothing there. As in class files. */
    String there(String name) {
        if (to == null) {
            return name;
        }
        return name.startsWith(to) ? from + name.substring(to.length()) : name.startsWith(from) ? "/" + name : name;
    }

    /** {@link #here} for a name as in source. */
    String hereInSource(String name) {
        return to == null ? name : here(name.replace('.', '/')).replace('/', '.');
    }

    /** {@link #there} for a name as in source. */
    String thereInSource(String name) {
        return to == null ? name : there(name.replace('.', '/')).replace('/', '.');
    }

    /** Whether the hook means this method of the copy. */
    boolean matches(Hook hook, String method, String descriptor) {
        return hook.matches(method, to == null ? descriptor : descriptorThere(descriptor));
    }

    private String descriptorThere(String descriptor) {
        StringBuilder translated = new StringBuilder(descriptor.length());
        int at = 0;
        while (at < descriptor.length()) {
            char kind = descriptor.charAt(at++);
            translated.append(kind);
            if (kind == 'L') {
                int end = descriptor.indexOf(';', at);
                translated.append(there(descriptor.substring(at, end))).append(';');
                at = end + 1;
            }
        }
        return translated.toString();
    }

    /** A sentence about the library, as it is true here: {@code org.apache.http.pool.PoolEntry has no method close()}. */
    String translated(String sentence) {
        return to == null ? sentence : sentence.replace(from.replace('/', '.'), to.replace('/', '.'));
    }

    /**
     * Whether this class, by whose name it was found, is what it seems: its methods are those that are woven. One that is
     * only called alike is none of our business.
     *
     * @param isKnown whether others of the copy have been met: then also a class is believed of which no method is woven
     */
    boolean hasShapeOf(String name, byte[] classFile, boolean isKnown) {
        String there = there(name).replace('/', '.');
        ClassOutline outline = null;
        for (Library library : libraries()) {
            for (List<WovenType> alternatives : library.variants()) {
                for (WovenType type : alternatives) {
                    if (type.name().equals(there)) {
                        outline = outline == null ? ClassOutline.of(classFile, this) : outline;
                        if (outline.missing(type) == null && (isKnown || outline.hasOneOf(type.hooks()))) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return client.name() + (to == null ? "" : " in " + place());
    }
}

package io.poolscope.instrumentation;

import java.util.List;

/**
 * How one HTTP client is watched; found through {@link java.util.ServiceLoader}.
 *
 * <p>Created at every start of a JVM, also where no HTTP client is ever loaded: {@link #name} and {@link #entryTypes} must
 * cost nothing. {@link #libraries} is called when the first of these types is met.
 */
public interface ClientInstrumentation {

    /** The name that users switch on and off, and {@code poolscope.client}: {@code apache-httpclient-4}. */
    String name();

    /** Names of all types that are woven, with dots. */
    String[] entryTypes();

    /**
     * The package of all these types that gets another name where somebody has copied ("shaded", relocated) the client into
     * a jar of his own: {@code org.apache.http}. Such copies are watched too, each as a client by itself. Null where copies
     * are not looked for. Must cost nothing either.
     */
    default String relocatable() {
        return null;
    }

    /** The jars that the client consists of, with their types and hooks; other objects at each call. */
    List<Library> libraries();
}

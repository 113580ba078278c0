package io.poolscope.instrumentation;

import java.util.Arrays;

/** A place in a library's code, and the advice that is inlined there. Immutable. */
public final class Hook {

    /** The internal name of constructors. */
    public static final String CONSTRUCTOR = "<init>";

    /** Stands for a parameter of any type. */
    public static final String ANY = "*";

    private final String[] methods;
    private final String[] parameters;
    private final String advice;
    private final boolean optional;

    private Hook(String[] methods, String[] parameters, String advice, boolean optional) {
        this.methods = methods;
        this.parameters = parameters;
        this.advice = advice;
        this.optional = optional;
    }

    /**
     * A hook in the methods of this name.
     *
     * @param parameters the types of the parameters as in source ({@code long}, {@code java.lang.Object}), {@link #ANY}
     *     for a parameter of any type; none at all for methods without parameters
     */
    public static Hook on(String method, String... parameters) {
        return new Hook(new String[] {method}, parameters, null, false);
    }

    /** A hook in all methods of this name, whatever their parameters. */
    public static Hook onEvery(String method) {
        return new Hook(new String[] {method}, null, null, false);
    }

    /** A hook in a constructor; parameters as in {@link #on}. */
    public static Hook onConstructor(String... parameters) {
        return new Hook(new String[] {CONSTRUCTOR}, parameters, null, false);
    }

    /** A hook in every constructor. */
    public static Hook onEveryConstructor() {
        return new Hook(new String[] {CONSTRUCTOR}, null, null, false);
    }

    /**
     * The same hook, also in methods of this name: what versions call it that renamed it, or for which Kotlin mangled it
     * ({@code release$okhttp} while it is internal). A version has at least one of the names, unless the hook is optional.
     */
    public Hook or(String otherName) {
        String[] names = Arrays.copyOf(methods, methods.length + 1);
        names[methods.length] = otherName;
        return new Hook(names, parameters, advice, optional);
    }

    /** The same place, with this advice. */
    public Hook with(Class<?> adviceClass) {
        return new Hook(methods, parameters, adviceClass.getName(), optional);
    }

    /** The same hook; a version may be without its method, and is still watched. */
    public Hook optional() {
        return new Hook(methods, parameters, advice, true);
    }

    /** Whether a method of this name and descriptor is meant. */
    public boolean matches(String name, String descriptor) {
        if (!isNamed(name)) {
            return false;
        }
        if (parameters == null) {
            return true;
        }
        int at = 1;
        for (String parameter : parameters) {
            if (descriptor.charAt(at) == ')') {
                return false;
            }
            int end = endOfType(descriptor, at);
            if (!parameter.equals(ANY) && !parameter.equals(typeName(descriptor, at, end))) {
                return false;
            }
            at = end;
        }
        return descriptor.charAt(at) == ')';
    }

    private boolean isNamed(String name) {
        for (String method : methods) {
            if (method.equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static int endOfType(String descriptor, int start) {
        int at = start;
        while (descriptor.charAt(at) == '[') {
            at++;
        }
        return descriptor.charAt(at) == 'L' ? descriptor.indexOf(';', at) + 1 : at + 1;
    }

    private static String typeName(String descriptor, int start, int end) {
        int dimensions = 0;
        while (descriptor.charAt(start + dimensions) == '[') {
            dimensions++;
        }
        StringBuilder name = new StringBuilder();
        char kind = descriptor.charAt(start + dimensions);
        if (kind == 'L') {
            name.append(descriptor, start + dimensions + 1, end - 1);
            for (int i = 0; i < name.length(); i++) {
                if (name.charAt(i) == '/') {
                    name.setCharAt(i, '.');
                }
            }
        } else {
            name.append(PRIMITIVES[KINDS.indexOf(kind)]);
        }
        for (int i = 0; i < dimensions; i++) {
            name.append("[]");
        }
        return name.toString();
    }

    private static final String KINDS = "ZBCSIJFD";
    private static final String[] PRIMITIVES = {"boolean", "byte", "char", "short", "int", "long", "float", "double"};

    /** Name of the advice class. */
    public String advice() {
        return advice;
    }

    /** Whether a version may be without its method. */
    public boolean isOptional() {
        return optional;
    }

    /** As in source: {@code release(org.apache.http.pool.PoolEntry, boolean)}. */
    @Override
    public String toString() {
        return String.join(" or ", methods) + (parameters == null ? "(..)" : "(" + String.join(", ", parameters) + ")");
    }
}

package io.poolscope.model;

/**
 * What the current thread is doing inside a library, for hooks further down that cannot see it: closing connections for
 * a known reason, consuming a body on purpose, closing a stream and reading what is left of it, or asking a pool.
 *
 * <p>Scopes nest; whoever enters gets back what was there and hands it to {@link #leave}. Confined to the thread.
 */
public final class Scope {

    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private CloseReason reason;
    private int consuming;
    private boolean resetting;
    private boolean draining;
    private boolean drained;
    private Wait asking;

    private Scope() {}

    private static Scope current() {
        Scope scope = CURRENT.get();
        if (scope == null) {
            scope = new Scope();
            CURRENT.set(scope);
        }
        return scope;
    }

    /** From here on, connections are closed for this reason; returns the reason before, for {@link #leave}. */
    public static CloseReason closing(CloseReason reason) {
        Scope scope = current();
        CloseReason before = scope.reason;
        scope.reason = reason;
        return before;
    }

    /** Ends what {@link #closing} began. */
    public static void leave(CloseReason before) {
        current().reason = before;
    }

    /** The reason for which connections are being closed by this thread, null if there is none. */
    public static CloseReason reason() {
        Scope scope = CURRENT.get();
        return scope == null ? null : scope.reason;
    }

    /** From here on, the application consumes a body on purpose: closing a stream drains it, and that is meant. */
    public static void consuming() {
        current().consuming++;
    }

    /** Ends what {@link #consuming} began. */
    public static void consumed() {
        current().consuming--;
    }

    /** Whether this thread consumes a body on purpose. */
    public static boolean isConsuming() {
        Scope scope = CURRENT.get();
        return scope != null && scope.consuming > 0;
    }

    /** From here on until it is false, the application ends its request, whether it has read the response or not. */
    public static void resetting(boolean now) {
        current().resetting = now;
    }

    /** Whether this thread ends a request so. */
    public static boolean isResetting() {
        Scope scope = CURRENT.get();
        return scope != null && scope.resetting;
    }

    /** From here on, the library closes a body's stream that has not seen its end, and may read what is left. */
    public static void draining() {
        Scope scope = current();
        scope.draining = true;
        scope.drained = false;
    }

    /** So many bytes of a body were read; fewer than 1 is the end. */
    public static void read(int bytes) {
        Scope scope = CURRENT.get();
        if (scope != null && scope.draining && bytes > 0) {
            scope.drained = true;
        }
    }

    /** Ends what {@link #draining} began; returns whether anything of the body had been left. */
    public static boolean drained() {
        Scope scope = current();
        scope.draining = false;
        return scope.drained;
    }

    /**
     * From here on, the thread asks a pool with this wait, which may be null; returns the wait before, with which the caller
     * ends this.
     */
    public static Wait asking(Wait wait) {
        Scope scope = current();
        Wait before = scope.asking;
        scope.asking = wait;
        return before;
    }

    /** Hands over the wait with which the thread asks a pool, to who goes on with it: later calls return null. */
    public static Wait takeAsking() {
        Scope scope = CURRENT.get();
        Wait wait = scope == null ? null : scope.asking;
        if (wait != null) {
            scope.asking = null;
        }
        return wait;
    }
}

package io.poolscope.model;

import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One watched library: an instrumentation, applied to one jar of one version. Holds its breaker. A copy of the library that
 * somebody has moved to a package of his own is a client by itself, and fails by itself.
 *
 * <p>What our woven lines throw ends in {@link #suppressed}: the application never sees it, it is counted, and past
 * {@link #LIMIT} the client is tripped: from then on woven code does nothing and no number of it is exported, because
 * half a truth is worse than none. Thread-safe.
 */
public final class Client {

    /** So many errors of our own are suppressed before the client is switched off. */
    public static final int LIMIT = 10;

    /** Woven, and working. */
    public static final String ON = "on";
    /** Not woven: something that is needed was not found. */
    public static final String UNSUPPORTED = "unsupported";
    /** Switched off after too many errors of our own. */
    public static final String TRIPPED = "tripped";

    private static final CopyOnWriteArrayList<Client> ALL = new CopyOnWriteArrayList<>();

    private final int id;
    private final String name;
    private final String label;
    private final String copy;
    private final String version;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile String state;
    private volatile Throwable lastFailure;

    private Client(int id, String name, String label, String copy, String version, String state) {
        this.id = id;
        this.name = name;
        this.label = label;
        this.copy = copy;
        this.version = version;
        this.state = state;
    }

    /**
     * Adds a client.
     *
     * @param name the instrumentation, {@code poolscope.client}: {@code apache-httpclient-4}
     * @param label the library as people call it, which pool names begin with: {@code httpclient}; null for a jar that
     *     another one builds upon and that is not announced by itself
     * @param version the library's version, {@code unknown} where its jar does not tell
     */
    public static Client add(String name, String label, String version, String state) {
        return add(name, label, null, version, state);
    }

    /**
     * Adds a client as {@link #add(String, String, String, String)} does.
     *
     * @param copy the package that somebody has copied the library into, null for the library itself
     */
    public static synchronized Client add(String name, String label, String copy, String version, String state) {
        Client client = new Client(ALL.size(), name, label, copy, version, state);
        ALL.add(client);
        return client;
    }

    /** The client with this {@link #id()}, which weaving writes into the woven code. */
    public static Client of(int id) {
        return ALL.get(id);
    }

    /** All clients, in the order in which they were met. */
    public static Iterable<Client> all() {
        return ALL;
    }

    /** Takes in what a woven line of ours threw. Never throws. */
    public static void suppressed(Throwable failure, int id) {
        try {
            ALL.get(id).failed(failure);
        } catch (Throwable ours) {
            // The last line before the application: there is nobody left to tell.
        }
    }

    private void failed(Throwable failure) {
        int count = failures.incrementAndGet();
        if (!isOn()) {
            // Hooks that fail before they ask whether they are wanted go on failing: that is nothing new to tell.
            return;
        }
        lastFailure = failure;
        if (count > LIMIT) {
            // Its other jars too: what one of them does not see makes what the others see untrue.
            for (Client other : ALL) {
                if (other.isOneWith(this) && other.isOn()) {
                    if (other.lastFailure == null) {
                        other.lastFailure = failure;
                    }
                    other.state = TRIPPED;
                }
            }
        }
        Event.offer(Event.failure(this, failure));
    }

    /** Number of this client, as woven code carries it. */
    public int id() {
        return id;
    }

    /** The instrumentation's name. */
    public String name() {
        return name;
    }

    /** The library as people call it, null for a jar that is not announced by itself. */
    public String label() {
        return label;
    }

    /** The package that somebody has copied it into ("shaded", relocated), null for the library itself. */
    public String copy() {
        return copy;
    }

    /** What names of pools begin with: the label, for a copy its package. */
    public String called() {
        return copy != null ? copy : label != null ? label : name;
    }

    /** Whether both are jars of the same instrumentation and copy, which are watched together or not at all. */
    public boolean isOneWith(Client other) {
        return name.equals(other.name) && Objects.equals(copy, other.copy);
    }

    /** The library's version. */
    public String version() {
        return version;
    }

    /** Whether what is said of its pools can be relied on: {@code poolscope.state}. */
    public String state() {
        return state;
    }

    /** True while its woven code should do its work. */
    public boolean isOn() {
        return state.equals(ON);
    }

    /** Switches it off because only now it was found that it cannot be woven, for this reason. */
    public void unsupported(Throwable reason) {
        lastFailure = reason;
        state = UNSUPPORTED;
    }

    /** Errors of our own that were suppressed. */
    public int failures() {
        return failures.get();
    }

    /** The latest error of our own, or why it cannot be woven; null if there was none. */
    public Throwable lastFailure() {
        return lastFailure;
    }
}

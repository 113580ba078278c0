package io.poolscope.model;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads and sets what a library's object carries.
 *
 * <p>Objects of a class that had been loaded before weaving could add the field are looked up in a weak identity map
 * instead, which is slower, and correct; an instance of this class is a key of it. Entries of collected objects go at
 * the next write. State that refers to its own object strongly would keep it: ours holds strings and numbers. Thread-safe
 * as far as the library publishes its objects safely.
 */
public final class Carried extends WeakReference<Object> {

    private static final ConcurrentHashMap<Carried, Object> OTHERS = new ConcurrentHashMap<>();
    private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

    private final int hash;

    private Carried(Object object, ReferenceQueue<Object> queue) {
        super(object, queue);
        hash = System.identityHashCode(object);
    }

    /** What this object carries, for a dynamic proxy its handler; null if nothing, or if the object is null. */
    public static Object by(Object object) {
        if (object instanceof Carrier) {
            return ((Carrier) object).poolscope$state();
        }
        if (object instanceof Proxy) {
            return by(Proxy.getInvocationHandler(object));
        }
        return object == null || OTHERS.isEmpty() ? null : OTHERS.get(new Carried(object, null));
    }

    /** Lets this object, or a dynamic proxy's handler, carry this state; null takes it away; a null object is ignored. */
    public static void by(Object object, Object state) {
        if (object instanceof Carrier) {
            ((Carrier) object).poolscope$state(state);
        } else if (object instanceof Proxy) {
            by(Proxy.getInvocationHandler(object), state);
        } else if (object != null) {
            put(new Carried(object, COLLECTED), state);
        }
    }

    private static void put(Carried key, Object state) {
        for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
            OTHERS.remove(gone);
        }
        if (state == null) {
            OTHERS.remove(key);
        } else {
            OTHERS.put(key, state);
        }
    }

    /** How many objects stand in the map, collected ones included until the next write. */
    static int others() {
        return OTHERS.size();
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Equal to another key of the same living object, and to itself once that is gone. */
    @Override
    @SuppressWarnings("ReferenceEquality") // identity is what this map is about
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        Object object = get();
        return object != null && other instanceof Carried && ((Carried) other).get() == object;
    }
}

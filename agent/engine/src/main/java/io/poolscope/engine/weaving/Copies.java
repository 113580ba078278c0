package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.ClientInstrumentation;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds by the name of a class whether it is one of a client's, also where somebody has moved the client to a package of his
 * own ("shaded", relocated): then the name still ends like the original.
 *
 * <p>The question is asked of every class that is loaded, so it costs what hashing the last part of the name costs, and most
 * of the time that is all. A name that ends alike can be anybody's ({@code com.acme.pool.PoolEntry}): then the class file
 * decides ({@link Copy#hasShapeOf}). Thread-safe once filled.
 */
final class Copies {

    /** Types by the hash of the last part of their names; of those that share a place the longest ending comes first. */
    private final Entry[] table = new Entry[512];

    private final Map<String, Copy> moved = new ConcurrentHashMap<>();

    /** Looks out for the types of this client. */
    void add(ClientInstrumentation client) {
        Copy original = Copy.original(client);
        String home = client.relocatable() == null ? null : client.relocatable().replace('.', '/');
        for (String type : client.entryTypes()) {
            Entry entry = new Entry(type.replace('.', '/'), home, original);
            int place = entry.hash & (table.length - 1);
            if (table[place] == null || entry.ending.length() > table[place].ending.length()) {
                entry.next = table[place];
                table[place] = entry;
            } else {
                Entry before = table[place];
                while (before.next != null && before.next.ending.length() >= entry.ending.length()) {
                    before = before.next;
                }
                entry.next = before.next;
                before.next = entry;
            }
        }
    }

    /** Whether a class of this name, as the JVM spells it, may be one of a client's. */
    boolean mayHave(String name) {
        for (Entry entry = table[hash(name) & (table.length - 1)]; entry != null; entry = entry.next) {
            if (entry.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** The library itself that has a type of this name, null if there is none. */
    Copy original(String name) {
        for (Entry entry = table[hash(name) & (table.length - 1)]; entry != null; entry = entry.next) {
            if (entry.name.equals(name)) {
                return entry.original;
            }
        }
        return null;
    }

    /** What this class is a part of, null if it is only called alike. */
    Copy of(String name, byte[] classFile) {
        Copy original = original(name);
        if (original != null) {
            return original;
        }
        for (Entry entry = table[hash(name) & (table.length - 1)]; entry != null; entry = entry.next) {
            if (entry.matches(name)) {
                Copy copy = moved(entry, name, classFile);
                if (copy != null) {
                    return copy;
                }
            }
        }
        return null;
    }

    /** The copy in which this name is that type, null if the class is not what it is called. */
    private Copy moved(Entry entry, String name, byte[] classFile) {
        ClientInstrumentation client = entry.original.client();
        String place = name.substring(0, name.length() - entry.ending.length());
        String key = client.name() + ' ' + place;
        Copy known = moved.get(key);
        Copy copy = known == null ? Copy.moved(client, entry.home, place) : known;
        if (!copy.hasShapeOf(name, classFile, known != null)) {
            return null;
        }
        Copy first = known == null ? moved.putIfAbsent(key, copy) : known;
        return first == null ? copy : first;
    }

    /** The hash of what stands behind the last slash. */
    private static int hash(String name) {
        int hash = 0;
        for (int i = name.length() - 1; i >= 0; i--) {
            char letter = name.charAt(i);
            if (letter == '/') {
                break;
            }
            hash = 31 * hash + letter;
        }
        return hash ^ (hash >>> 9);
    }

    /** The name of a type that is woven. */
    private static final class Entry {

        final String name;
        /** The package that can be moved, null if none can. */
        final String home;
        /** What is left of the name behind it, with a slash at its begin; without such a package all of the name. */
        final String ending;

        final int hash;
        final Copy original;
        Entry next;

        Entry(String name, String home, Copy original) {
            if (home != null && !name.startsWith(home + "/")) {
                throw new IllegalArgumentException(name + " is not in " + home);
            }
            this.name = name;
            this.home = home;
            this.ending = home == null ? name : name.substring(home.length());
            this.hash = hash(name);
            this.original = original;
        }

        boolean matches(String other) {
            return home == null ? other.equals(name) : other.length() > ending.length() && other.endsWith(ending);
        }
    }
}

package io.poolscope.engine.pools;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives pools their names: {@code okhttp@com.acme.OrdersClient} for the first one that a class builds, then {@code #2},
 * {@code #3}. A number is free again when its pool is gone, so that a program that builds pools all the time does not make
 * ever new names. Not thread-safe.
 */
final class PoolNames {

    private final Map<String, BitSet> taken = new HashMap<>();

    /** A name, and how to give it back. */
    static final class Name {
        final String text;
        private final String base;
        private final int index;

        private Name(String base, int index) {
            this.base = base;
            this.index = index;
            this.text = index == 0 ? base : base + "#" + (index + 1);
        }
    }

    Name take(String base) {
        BitSet numbers = taken.computeIfAbsent(base, unused -> new BitSet());
        int index = numbers.nextClearBit(0);
        numbers.set(index);
        return new Name(base, index);
    }

    void giveBack(Name name) {
        BitSet numbers = taken.get(name.base);
        numbers.clear(name.index);
        if (numbers.isEmpty()) {
            taken.remove(name.base);
        }
    }
}

package io.poolscope.model;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The slot table of what is out: every wait and every lease stands in one from its begin to its end.
 *
 * <p>It is what the holder table, the oldest ages and the search for held responses enumerate, and it keeps the record
 * of a leak alive when pool, client and response are dropped together.
 *
 * <p>A slot is claimed by a compare-and-set from null and given back by one to null; the record keeps its index. A thread
 * begins to look at a place of its own, so that threads seldom meet, and usually finds there the slot that it gave back
 * last. The table grows by chunks and never shrinks; past nearly {@link #CAPACITY} records are counted but not enumerable
 * ({@link #untracked}). Claiming and releasing are lock-free; {@link #forEach} is weakly consistent.
 *
 * @param <T> what stands in the slots
 */
public final class Outstanding<T> {

    /** Slots in a chunk. */
    private static final int CHUNK = 1024;
    /** So many chunks at most. */
    private static final int CHUNKS = 64;
    /** The most records that can be out at once and still be enumerated. */
    public static final int CAPACITY = CHUNK * CHUNKS;
    /** Neighbours that are tried first: threads that began their looking at the same place stand beside each other. */
    private static final int NEIGHBOURS = 4;
    /**
     * Places anywhere that are tried before a chunk counts as full: one is free in 99 % at two thirds full. Neighbours alone
     * would not do: one thread that begins thousands (a dispatcher, a selector) has the same few in every chunk.
     */
    private static final int PROBES = 12;

    /** What no slot was free for. */
    static final int NONE = -1;

    private final AtomicReferenceArray<AtomicReferenceArray<T>> chunks = new AtomicReferenceArray<>(CHUNKS);
    private final AtomicInteger grown = new AtomicInteger(1);
    private final LongAdder untracked = new LongAdder();

    /** An empty table with its first chunk. */
    public Outstanding() {
        chunks.set(0, new AtomicReferenceArray<>(CHUNK));
    }

    /** Puts a record into a free slot and returns its index, or {@link #NONE} if the table is full. */
    int claim(T record) {
        @SuppressWarnings("deprecation") // threadId() is Java 19
        long thread = Thread.currentThread().getId();
        int home = (int) ((thread * 0x9E3779B97F4A7C15L) >>> 54); // ten bits: a place in a chunk
        int known = grown.get();
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            if (chunk == known) {
                grow(chunk);
                known++;
            }
            AtomicReferenceArray<T> slots = chunks.get(chunk);
            for (int probe = 0; probe < NEIGHBOURS + PROBES; probe++) {
                int place = probe < NEIGHBOURS
                        ? home + probe
                        : ThreadLocalRandom.current().nextInt();
                int slot = place & (CHUNK - 1);
                if (slots.get(slot) == null && slots.compareAndSet(slot, null, record)) {
                    return chunk * CHUNK + slot;
                }
            }
        }
        untracked.increment();
        return NONE;
    }

    /** Gives a slot back; does nothing if another record stands there. */
    void release(int index, T record) {
        if (index != NONE) {
            chunks.get(index / CHUNK).compareAndSet(index % CHUNK, record, null);
        }
    }

    private void grow(int chunk) {
        if (chunks.get(chunk) == null) {
            chunks.compareAndSet(chunk, null, new AtomicReferenceArray<>(CHUNK));
        }
        grown.compareAndSet(chunk, chunk + 1);
    }

    /** Visits what is out. A record that comes or goes meanwhile may be visited or not. */
    public void forEach(Consumer<? super T> visitor) {
        int known = grown.get();
        for (int chunk = 0; chunk < known; chunk++) {
            AtomicReferenceArray<T> slots = chunks.get(chunk);
            for (int slot = 0; slot < CHUNK; slot++) {
                T record = slots.get(slot);
                if (record != null) {
                    visitor.accept(record);
                }
            }
        }
    }

    /** How many records found no slot, since the start: these are counted, but cannot be named. */
    public long untracked() {
        return untracked.sum();
    }
}

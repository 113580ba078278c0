package io.poolscope.model;

/**
 * A clock that is read for the price of a field: the engine sets it a few times a second.
 *
 * <p>For what happens once for each read of a body, where {@link System#nanoTime()} would be felt. Its resolution is the
 * engine's tick. Thread-safe.
 */
public final class Clock {

    private static volatile long coarse = System.nanoTime();

    private Clock() {}

    /** The time of the last tick, comparable with {@link System#nanoTime()}, never later than it. */
    public static long coarse() {
        return coarse;
    }

    /** Moves the clock on; called by the engine only. */
    public static void tick() {
        coarse = System.nanoTime();
    }
}

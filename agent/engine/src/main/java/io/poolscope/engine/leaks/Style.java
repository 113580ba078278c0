package io.poolscope.engine.leaks;

/** How reports are made, as the settings say. Immutable. */
public final class Style {

    /** One call site is told once in this time, in nanoseconds. */
    final long window;
    /** So many frames of the application are shown. */
    final int depth;
    /** A response that has been held for so long without being read is suspected, in nanoseconds; 0 for never. */
    final long suspectedAfter;
    /** A request that has waited for so long means that the pool is exhausted, in nanoseconds. */
    final long exhaustedAfter;

    /** All of it. */
    public Style(long window, int depth, long suspectedAfter, long exhaustedAfter) {
        this.window = window;
        this.depth = depth;
        this.suspectedAfter = suspectedAfter;
        this.exhaustedAfter = exhaustedAfter;
    }
}

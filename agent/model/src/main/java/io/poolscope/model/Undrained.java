package io.poolscope.model;

/** What became of a connection whose response was closed before its end was seen: {@code poolscope.undrained.outcome}. */
public enum Undrained {
    /** The connection was thrown away. */
    DISCARDED,
    /** Closing read the rest, and the connection can be used again. */
    DRAINED_ON_CLOSE
}

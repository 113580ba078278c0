package io.poolscope.model;

/** How a wait for a connection ended: {@code poolscope.wait.outcome}. */
public enum WaitOutcome {
    /** A connection, or the permission to open one, was granted. */
    SUCCESS,
    /** The time that the application allows for it ran out. */
    TIMEOUT,
    /** The application cancelled it, or interrupted the thread. */
    CANCELLED,
    /** It ended otherwise, for example because the pool was closed. */
    FAILED
}

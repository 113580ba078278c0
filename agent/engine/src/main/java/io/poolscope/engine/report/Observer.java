package io.poolscope.engine.report;

import io.poolscope.model.Event;
import io.poolscope.model.Lease;

/**
 * What the engine tells those who export; called on the engine's thread, so it must be quick. What it throws is caught,
 * and said once.
 */
public interface Observer {

    /** Where a person can look, for the banner: {@code http://127.0.0.1:7665/}; null if nothing is served. */
    default String address() {
        return null;
    }

    /** A report was made; those past the limit of a minute do not come here. */
    default void report(Report report) {}

    /** A line about the agent itself was written. */
    default void notice(Report notice) {}

    /** An event came from woven code. */
    default void event(Event event) {}

    /** A lease was found leaked, or is suspected: {@code stack} is where it was handed out, null if that was not taken. */
    default void leaked(Lease lease, StackTraceElement[] stack, boolean certain) {}

    /** The engine has made a round; {@code now} as {@link System#nanoTime()}. */
    default void round(long now) {}

    /** The JVM is about to exit: send what there is, within so many milliseconds. Called once, last. */
    default void close(long millis) {}
}

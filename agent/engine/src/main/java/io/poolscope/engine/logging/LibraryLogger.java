package io.poolscope.engine.logging;

import java.text.MessageFormat;
import java.util.function.BiConsumer;
import java.util.logging.Level;

/**
 * What the bundled libraries log to instead of {@code java.util.logging.Logger}: the packaging (agent/dist) replaces
 * every reference to that class in them by one to this, because theirs would initialise the application's logging before
 * its {@code main} and print the stack traces of our exporter into the application's log.
 *
 * <p>Warnings and errors go to the {@link #forwardTo consumer}, everything below is dropped. It has just the methods of
 * {@code Logger} that those libraries call; a test in agent/dist fails when one is missing. Thread-safe.
 */
public final class LibraryLogger {

    private static final BiConsumer<String, String> DROP = (level, message) -> {};

    private static volatile BiConsumer<String, String> consumer = DROP;

    private final String name;

    private LibraryLogger(String name) {
        this.name = name;
    }

    /**
     * Sets who gets the warnings and errors.
     *
     * @param levelAndMessage called on whichever thread logs, with {@code WARNING} or {@code SEVERE} and a message that
     *     may have several lines; null to drop everything, as in the beginning
     */
    public static void forwardTo(BiConsumer<String, String> levelAndMessage) {
        consumer = levelAndMessage == null ? DROP : levelAndMessage;
    }

    public static LibraryLogger getLogger(String name) {
        return new LibraryLogger(name);
    }

    public boolean isLoggable(Level level) {
        return level.intValue() >= Level.WARNING.intValue() && level != Level.OFF && consumer != DROP;
    }

    public void log(Level level, String message) {
        if (isLoggable(level)) {
            consumer.accept(level.getName(), simpleName() + ": " + message);
        }
    }

    public void log(Level level, String message, Throwable thrown) {
        if (isLoggable(level)) {
            log(level, thrown == null ? message : message + ": " + thrown);
        }
    }

    public void log(Level level, String message, Object parameter) {
        log(level, message, new Object[] {parameter});
    }

    public void log(Level level, String message, Object[] parameters) {
        if (isLoggable(level)) {
            log(level, filledIn(message, parameters));
        }
    }

    public void warning(String message) {
        log(Level.WARNING, message);
    }

    public void info(String message) {
        log(Level.INFO, message);
    }

    public void fine(String message) {
        log(Level.FINE, message);
    }

    private String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String filledIn(String message, Object[] parameters) {
        try {
            return MessageFormat.format(message, parameters);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }
}

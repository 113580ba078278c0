package com.acme.shop;

import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What the libraries log: warnings go to stderr. OkHttp's own warning of a leak would come for each one of them, with
 * the address and without the line: it is counted, so that the two can be compared.
 */
final class LibraryLog extends Handler {
    private final LongAdder leakWarnings = new LongAdder();

    static LibraryLog install() {
        LogManager.getLogManager().reset();
        LibraryLog log = new LibraryLog();
        log.setLevel(Level.WARNING);
        Logger.getLogger("").addHandler(log);
        return log;
    }

    /** How often OkHttp warned by itself that a connection was leaked. */
    long leakWarnings() {
        return leakWarnings.sum();
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        String message = String.valueOf(record.getMessage());
        if (message.contains("was leaked")) {
            leakWarnings.increment();
        } else {
            System.err.println("shop: " + record.getLoggerName() + ": " + message);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}

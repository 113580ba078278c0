package io.poolscope.engine.telemetry;

import java.util.function.UnaryOperator;

/** A port on which GET and HEAD are answered. Thread-safe. */
public interface HttpListener extends AutoCloseable {

    /** The port. */
    int port();

    /** Stops listening, without waiting for anybody. */
    @Override
    void close();

    /** Answers requests; called from several threads. */
    interface Handler {

        /**
         * Answers a GET; of a HEAD, the same without the body.
         *
         * @param path without the query
         * @param header finds a header of the request by its name, null if it has none
         */
        Answer answer(String path, UnaryOperator<String> header);
    }
}

package io.poolscope.engine.http;

import java.util.function.UnaryOperator;

/** Answers requests; called from several threads. */
public interface Handler {

    /**
     * Answers a GET; of a HEAD, the same without the body.
     *
     * @param path without the query, as it was sent
     * @param header finds a header of the request by its name, null if it has none
     */
    Answer answer(String path, UnaryOperator<String> header);
}

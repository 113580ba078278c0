package com.acme.bulk;

import java.io.Closeable;
import java.io.IOException;

/** Sends bulk requests. Many threads use one writer. */
interface Writer extends Closeable {
    void write(String batch) throws IOException;

    /** Elasticsearch answers 200 also if not one document was written. */
    static void requireOk(int status) throws IOException {
        if (status != 200) {
            throw new IOException("bulk request refused: " + status);
        }
    }

    /** What only those know who read the answer. */
    static void requireAllWritten(String answer) throws IOException {
        if (answer.contains("\"errors\":true")) {
            throw new IOException("documents refused: " + answer);
        }
    }
}

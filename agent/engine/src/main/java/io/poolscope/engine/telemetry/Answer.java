package io.poolscope.engine.telemetry;

import java.nio.charset.StandardCharsets;

/** What is answered to a request. Immutable; the body is not copied. */
public final class Answer {

    private final int status;
    private final String type;
    private final String encoding;
    private final byte[] body;

    /**
     * An answer.
     *
     * @param type {@code Content-Type}
     * @param encoding {@code Content-Encoding}, null for none
     */
    public Answer(int status, String type, String encoding, byte[] body) {
        this.status = status;
        this.type = type;
        this.encoding = encoding;
        this.body = body;
    }

    /** A line of text. */
    public static Answer text(int status, String line) {
        return new Answer(status, "text/plain; charset=utf-8", null, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** {@code Content-Type}. */
    public String type() {
        return type;
    }

    /** {@code Content-Encoding}, null for none. */
    public String encoding() {
        return encoding;
    }

    /** The body. */
    public byte[] body() {
        return body;
    }
}

package com.acme.bulk;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * The line to one client, of a length that is told as a round trip: the first request on it comes two of them after the
 * client wanted to send it, as there is the handshake first, each later one a single one. What can be under way at once is
 * ten segments in the beginning, and twice as much after each time that it was not enough: TCP's slow start, which only a
 * connection that is kept leaves behind it.
 *
 * <p>Not thread-safe: a connection has one request at a time.
 */
final class Line {
    private static final int LARGEST_WINDOW = 1 << 20;

    private final Duration roundTrip;
    private boolean isOpen;
    private int window = 10 * 1460;

    Line(Duration roundTrip) {
        this.roundTrip = roundTrip;
    }

    /** Until the request is there, and the first of its answer back. */
    void bring() {
        if (!isOpen) {
            travel();
            isOpen = true;
        }
        travel();
    }

    void send(byte[] answer, OutputStream out) throws IOException {
        int sent = 0;
        while (answer.length - sent > window) {
            out.write(answer, sent, window);
            out.flush();
            sent += window;
            window = Math.min(2 * window, LARGEST_WINDOW);
            travel();
        }
        out.write(answer, sent, answer.length - sent);
        out.flush();
    }

    private void travel() {
        try {
            Thread.sleep(roundTrip.toMillis());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.poolscope.testkit.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A body that a library pushes and the application pulls, with room for a little between them: what applications put between a selector and their streams. A
 * small body fits in, and needs nobody to read it; a larger one holds its connection until it is read.
 */
abstract class PushedBody extends InputStream {

    /** More than the small bodies of the scenarios, less than those that are held. */
    private static final int ROOM = 512;

    private byte[] bytes = new byte[ROOM];
    private int from;
    private int to;
    private boolean fits;
    private boolean complete;
    private boolean ended;
    private boolean closed;
    private IOException failure;

    /** That it will be so long, if that is known; -1 if not. */
    final synchronized void length(long length) {
        fits = length >= 0 && length <= ROOM;
    }

    /** How much more is wanted before somebody reads. Asked by the library's threads. */
    final synchronized int room() {
        return Math.max(0, ROOM - (to - from));
    }

    /** Takes in what is there; {@code last} if the library knows by now that nothing more will come. */
    final synchronized void put(ByteBuffer source, boolean last) {
        complete |= last;
        if (to - from + source.remaining() > bytes.length - from) {
            bytes = Arrays.copyOfRange(bytes, from, from + Math.max(ROOM, to - from + source.remaining()));
            to -= from;
            from = 0;
        }
        int length = source.remaining();
        source.get(bytes, to, length);
        to += length;
        notifyAll();
    }

    /** The exchange has ended, and its connection is back; {@code why} is null if it ended well. */
    final synchronized void end(IOException why) {
        if (!ended) {
            ended = true;
            failure = why;
            notifyAll();
        }
    }

    /** Whether the application is done with it before its end. */
    final synchronized boolean isGivenUp() {
        return closed && !complete && !ended;
    }

    /** There is room again, or nobody wants more: the library is to go on. Called by the application's threads. */
    abstract void goOn() throws IOException;

    /** Whether the library is at its end; some forget to tell who waits. */
    abstract boolean isOver();

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int taken;
        synchronized (this) {
            while (from == to) {
                if (failure != null) {
                    throw new IOException(failure);
                }
                if (ended) {
                    return -1;
                }
                if (closed || isOver()) {
                    throw new IOException(closed ? "closed" : "the client has been closed");
                }
                await();
            }
            taken = Math.min(length, to - from);
            System.arraycopy(bytes, from, into, offset, taken);
            from += taken;
        }
        goOn();
        return taken;
    }

    private void await() throws InterruptedIOException {
        try {
            wait(50);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            while ((complete || fits) && !ended && !isOver()) {
                // Nothing to give up. As one waits for a future, so that the connection is there for the next request.
                await();
            }
            if (closed || ended) {
                return;
            }
            closed = true;
            notifyAll();
        }
        goOn();
    }
}

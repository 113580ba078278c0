package io.poolscope.testkit.clients;

import io.poolscope.testkit.Client;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A response whose body is an input stream, as it is with most clients. */
abstract class StreamedResponse implements Client.Response {

    private final InputStream body;

    /** @param body the body, or null if there is none */
    StreamedResponse(InputStream body) {
        this.body = body == null ? InputStream.nullInputStream() : body;
    }

    @Override
    public long readFully() throws IOException {
        byte[] buffer = new byte[8192];
        long length = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            length += n;
        }
        return length;
    }

    @Override
    public void closeStream() throws IOException {
        body.close();
    }

    @Override
    public void readExactly(int length) throws IOException {
        byte[] buffer = new byte[length];
        for (int done = 0; done < length; ) {
            int n = body.read(buffer, done, length - done);
            if (n < 0) {
                throw new EOFException("the body ended after " + done + " of " + length + " bytes");
            }
            done += n;
        }
    }
}

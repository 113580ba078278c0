package io.poolscope.testkit.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;

/** For clients that leave it to the application to unzip: reads on to the end of what carries the zipped data, too. */
final class UnzippedBody extends InputStream {

    private final InputStream zipped;
    private InputStream unzipping;

    UnzippedBody(InputStream zipped) {
        this.zipped = zipped;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (unzipping == null) {
            unzipping = new GZIPInputStream(zipped);
        }
        int read = unzipping.read(into, offset, length);
        if (read < 0) {
            zipped.transferTo(OutputStream.nullOutputStream());
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        zipped.close();
    }
}

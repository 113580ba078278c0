package com.acme.measured.http;

import java.io.IOException;

/** An HTTP client with a pool of its own. Confined to a thread. */
public interface Caller {

    /** Gets a resource and reads it to its end; returns its size in bytes. */
    int get(String url) throws IOException;

    /** Gets a resource and closes it without reading it. */
    void getAndClose(String url) throws IOException;

    /** A client of this library: {@code apache-httpclient-4} or {@code okhttp}. */
    static Caller of(String library) {
        // Each in its own class, so that only the one that is asked for is loaded.
        return library.equals("okhttp") ? new OkHttpCaller() : new ApacheCaller();
    }
}

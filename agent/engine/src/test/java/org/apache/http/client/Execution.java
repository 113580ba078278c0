package org.apache.http.client;

import io.poolscope.model.Lease;

/** A library's frame on the stack between the application's line and the model, as {@code execute} is in life. */
public final class Execution {

    private Execution() {}

    /** The response is held by somebody, and handed to the caller. */
    public static Lease execute(Lease lease, Object response) {
        lease.heldBy(response);
        lease.responseStarted();
        lease.handedOut();
        return lease;
    }
}

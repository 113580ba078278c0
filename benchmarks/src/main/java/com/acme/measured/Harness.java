package com.acme.measured;

import java.io.IOException;

/** The one who started this program and measures it, at the other end of the standard streams. */
final class Harness {

    private Harness() {}

    /** Says that something was reached, and waits until the harness has taken its measure. */
    static void reached(String what) throws IOException {
        System.out.println(what);
        int read = System.in.read();
        while (read >= 0 && read != '\n') {
            read = System.in.read();
        }
        if (read < 0) {
            // The harness is gone.
            System.exit(1);
        }
    }
}

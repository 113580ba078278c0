package io.poolscope.testkit.wrapped;

import io.poolscope.testkit.baddays.Errands;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;

/** How the programs end that call a client through something that wraps it. */
public final class Ending {

    private Ending() {}

    /** Ends the program, once what nobody holds has been collected; until then these are held. */
    public static void end(Object... held) throws InterruptedException {
        Errands.linger();
        WeakReference<Object> lost = new WeakReference<>(new Object());
        while (lost.get() != null) {
            System.gc();
        }
        Reference.reachabilityFence(held);
        System.exit(Errands.EXIT);
    }
}

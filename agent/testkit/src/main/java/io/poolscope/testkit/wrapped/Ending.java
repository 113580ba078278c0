package io.poolscope.testkit.wrapped;

import io.poolscope.testkit.baddays.Errands;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/** How the programs end that call a client through something that wraps it. */
public final class Ending {

    private Ending() {}

    /** Ends the program, once what nobody holds has been collected; until then these are held. */
    public static void end(Object... held) throws InterruptedException {
        Errands.linger();
        // The JVM tells whoever waits for it in any order, but of one collection after the other.
        collect();
        collect();
        Reference.reachabilityFence(held);
        System.exit(Errands.EXIT);
    }

    private static void collect() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> lost = new WeakReference<>(new Object(), collected);
        do {
            System.gc();
        } while (collected.remove(100) != lost);
    }
}

package io.poolscope.model;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * Watches the object through which the application holds a lease. When that object is collected and the lease has not
 * ended, the lease is lost: nobody is left who could give it back.
 */
public final class Custody extends WeakReference<Object> {

    /** Where custodies arrive whose object was collected; the engine empties it. */
    public static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

    private static volatile boolean wanted = true;

    private final Lease lease;

    Custody(Object custodian, Lease lease) {
        super(custodian, COLLECTED);
        this.lease = lease;
    }

    /** Whether leases are watched at all. */
    static boolean isWanted() {
        return wanted;
    }

    /** Says whether leases are watched at all; called by the engine once, from the settings. */
    public static void wanted(boolean watch) {
        wanted = watch;
    }

    /**
     * Says that its object was collected, to be called for what comes out of {@link #COLLECTED}.
     *
     * @return as {@link Lease#leaked()}; false also if the lease is held through another object by now
     */
    public boolean leaked() {
        return lease.isHeldThrough(this) && lease.leaked();
    }

    /** The lease that was held through it. */
    public Lease lease() {
        return lease;
    }
}

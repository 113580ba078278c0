package io.poolscope.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A request that asks a pool for a connection, until it has one or gives up.
 *
 * <p>It ends once: the first of {@link #granted}, {@link #taken}, {@link #over} and {@link #ended} counts, the others do nothing.
 * Thread-safe: a wait is often ended by another thread than the one that began it.
 */
public final class Wait {

    /** The waits that have not ended. */
    public static final Outstanding<Wait> OUTSTANDING = new Outstanding<>();

    /** Waits longer than this are worth an event; the objective for waits (50 ms). In nanoseconds. */
    public static final long LONG = 50_000_000L;

    /** Begins are counted from here, so that they are positive; what has ended is negative. */
    private static final long ZERO = System.nanoTime() - 1;

    /** Lowest bit of {@link #time} while it lasts: the time that is allowed for it is over. */
    private static final long OUT_OF_TIME = 1;

    private static final VarHandle TIME;

    static {
        try {
            TIME = MethodHandles.lookup().findVarHandle(Wait.class, "time", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Route route;
    private final int slot;
    /**
     * While it lasts, when it began, from {@link #ZERO} on, an even number of nanoseconds; from its end on, minus what it
     * took, minus one.
     */
    private volatile long time;

    /**
     * Where it was begun, {@link CallSite#NOT_TAKEN} if that is not to be taken any more; the lease, once a connection was
     * {@linkplain #taken taken} for it. One field for both, because every request has one of these.
     */
    private volatile Object siteOrLease;

    private Wait(Route route) {
        this.route = route;
        this.time = (System.nanoTime() - ZERO) & ~OUT_OF_TIME;
        this.slot = OUTSTANDING.claim(this);
        // The engine sees it in the table already, and may have ended it before its slot was known. An atomic
        // operation, so that one of both sees what the other did.
        if ((long) TIME.getAndBitwiseOr(this, 0L) < 0) {
            OUTSTANDING.release(slot, this);
        }
    }

    /** Begins to wait on this route; null if the route is null or its client is not watched. */
    public static Wait begin(Route route) {
        if (route == null || !route.pool().client().isOn()) {
            return null;
        }
        route.add(Count.PENDING, 1);
        return new Wait(route);
    }

    /**
     * Ends the wait with this connection: a lease begins on it. The wait's time is recorded once the lease is
     * {@linkplain Lease#heldBy held}, because a library may take a connection back that it finds dead, and wait again. The
     * call site goes with the lease, if it was taken.
     *
     * @return the lease, null if the wait had ended before
     */
    public Lease granted(Connection connection) {
        long waited = finish(System.nanoTime());
        if (waited < 0) {
            return null;
        }
        Lease lease = new Lease(connection, waited);
        Object site = siteOrLease;
        if (site instanceof CallSite) {
            lease.settle((CallSite) site);
        }
        return lease;
    }

    /**
     * The library takes this connection for it, or the place in which it will open one, also where the wait has ended
     * meanwhile: such a connection goes back at once, and its lease is not one that somebody waited for ({@link
     * Lease#returned}). The call site goes with the lease.
     *
     * @param at when that was, as {@link System#nanoTime()}
     */
    public Lease taken(Connection connection, long at) {
        Object site = siteOrLease;
        Lease lease = new Lease(connection, finish(at));
        if (site instanceof CallSite) {
            lease.settle((CallSite) site);
        }
        siteOrLease = lease;
        return lease;
    }

    /** The lease on what was {@linkplain #taken taken} for it, null before. */
    public Lease lease() {
        Object lease = siteOrLease;
        return lease instanceof Lease ? (Lease) lease : null;
    }

    /**
     * Ends the wait with the connection that this object of the library carries, or carries from now on if there is none yet;
     * as {@link #granted(Connection)}.
     */
    public Lease grantedWith(Object entry) {
        Connection connection = (Connection) Carried.by(entry);
        if (connection == null) {
            connection = new Connection(route);
            Carried.by(entry, connection);
        }
        return granted(connection);
    }

    /** Ends the wait where the permission to go on is all that was waited for (a dispatcher's queue). */
    public void over() {
        long waited = finish(System.nanoTime());
        if (waited >= 0) {
            route.record(Timing.WAIT_SUCCESS, waited);
        }
    }

    /**
     * The time that is allowed for it is over, and the library is going to cancel it, unless a connection came first: it is
     * not the application who cancels it.
     */
    public void outOfTime() {
        long began = time;
        if (began >= 0) {
            boolean unused = TIME.compareAndSet(this, began, began | OUT_OF_TIME);
        }
    }

    /** Ends the wait without a connection. */
    public void ended(WaitOutcome how) {
        long began = time;
        boolean isOutOfTime = began >= 0 && (began & OUT_OF_TIME) != 0;
        WaitOutcome outcome = isOutOfTime && how == WaitOutcome.CANCELLED ? WaitOutcome.TIMEOUT : how;
        long waited = finish(System.nanoTime());
        if (waited < 0) {
            return;
        }
        if (outcome == WaitOutcome.SUCCESS) {
            route.record(Timing.WAIT_SUCCESS, waited);
            return;
        }
        if (outcome == WaitOutcome.TIMEOUT) {
            route.record(Timing.WAIT_TIMEOUT, waited);
            route.alert();
        } else {
            route.add(outcome == WaitOutcome.CANCELLED ? Count.WAIT_CANCELLED : Count.WAIT_FAILED, 1);
        }
        Event.offer(Event.waitEnded(route, outcome, waited));
    }

    /** Ends it at this time; returns how long it was, in nanoseconds, or -1 if it had ended before. */
    private long finish(long now) {
        long began;
        long took;
        do {
            began = time;
            if (began < 0) {
                return -1;
            }
            took = Math.max(0, now - ZERO - began);
        } while (!TIME.compareAndSet(this, began, -took - 1));
        OUTSTANDING.release(slot, this);
        route.add(Count.PENDING, -1);
        return took;
    }

    /** Takes the call site of who waits, which the thread that goes on with it will not have; by the route's rule. */
    public void capture() {
        siteOrLease = route.capture() ? CallSite.here() : CallSite.NOT_TAKEN;
    }

    /** Takes over the call site of an earlier lease of the same request: its {@link Lease#settledSite}. */
    public void capturedAt(CallSite settled) {
        siteOrLease = settled;
    }

    /** Where it was begun, null if that was not taken. */
    CallSite site() {
        Object site = siteOrLease;
        return site instanceof CallSite && site != CallSite.NOT_TAKEN ? (CallSite) site : null;
    }

    /** How long it was, in nanoseconds; negative while it lasts. */
    long waited() {
        return -time - 1;
    }

    /** The route that is asked for. */
    public Route route() {
        return route;
    }

    /** When it began, as {@link System#nanoTime()}; now, if it has ended. */
    public long since() {
        long began = time;
        return began < 0 ? System.nanoTime() : ZERO + began;
    }

    /** Whether it has ended. */
    public boolean isEnded() {
        return time < 0;
    }
}

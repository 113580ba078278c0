package io.poolscope.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A place in a pool for one connection: opened, leased, idle, closed, and perhaps opened again.
 *
 * <p>Whether it is open, or being opened, and how many leases it has are one integer that changes by compare-and-set; which
 * gauge it counts in follows from that integer before and after, so that the gauges cannot drift. Opening what is open and
 * closing what is closed changes nothing. Thread-safe; the times beside the state belong to whoever moved it last, and
 * may be torn off it for the moment of the move.
 */
public final class Connection {

    private static final int OPEN = 1;
    /** One lease; how many there are stands in {@link #LEASES}. */
    private static final int LEASE = 2;

    private static final int LEASES = (1 << 28) - LEASE;
    /** Connecting failed, so that nobody opens it unless somebody begins anew. */
    private static final int FAILED = 1 << 28;
    /** TLS is being negotiated, after the first request has been handed over. */
    private static final int SECURING = 1 << 29;
    /** Somebody connects, and how that ends has not been recorded. */
    private static final int OPENING = 1 << 30;
    /** Closed for good: the sign bit. */
    private static final int GONE = Integer.MIN_VALUE;

    private static final VarHandle STATE;
    private static final VarHandle USED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Connection.class, "state", int.class);
            USED = lookup.findVarHandle(Connection.class, "used", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Route route;
    private volatile int state;
    private volatile Lease lease;
    private volatile CloseReason reason;
    private volatile boolean used;
    private volatile long opened;
    private volatile long idleSince;
    private volatile long idleAge;
    private volatile long opening;
    private volatile boolean multiplexed;

    /** A connection of this route that is not open yet. */
    public Connection(Route route) {
        this.route = route;
    }

    /** Somebody begins to connect. */
    public void opening() {
        openingSince(System.nanoTime());
    }

    /** Somebody has been connecting since then, as {@link System#nanoTime()}. */
    public void openingSince(long began) {
        opening = began;
        int before;
        do {
            before = state;
        } while (!STATE.compareAndSet(this, before, (before | OPENING) & ~FAILED));
    }

    /** It comes of this attempt to connect, and takes over when that began. */
    public void openingSince(Connection attempt) {
        if ((attempt.state & OPENING) != 0) {
            openingSince(attempt.opening);
        }
    }

    /**
     * One of several attempts to connect has succeeded, after another whose connection has come and gone: this one began by
     * itself, which is taken to be when the latest began. Does nothing if it is open, if connecting failed, or if nobody had begun.
     */
    public void openingAnew() {
        long began = opening;
        if ((state & (OPEN | OPENING | FAILED)) == 0 && began != 0) {
            openingSince(began);
        }
    }

    /** It is connected, and TLS is being negotiated while the first request waits in it. */
    public void securing() {
        int unused = (int) STATE.getAndBitwiseOr(this, SECURING);
    }

    /** Whether TLS is being negotiated. */
    public boolean isSecuring() {
        return (state & SECURING) != 0;
    }

    /** Nobody wants it any more, before it was open: that is no failure. */
    public void abandoned() {
        int unused = (int) STATE.getAndBitwiseAnd(this, ~OPENING);
    }

    /** It carries requests side by side, as the streams of HTTP/2. */
    public void multiplexed() {
        multiplexed = true;
        route.protocol("2");
    }

    /** Whether it carries requests side by side. */
    public boolean isMultiplexed() {
        return multiplexed;
    }

    /**
     * It is open, TLS and tunnel included; the time since {@link #opening()} is recorded. Does nothing if connecting
     * {@linkplain #failedToOpen failed}, or if it is {@linkplain #gone gone}, which another thread may have said meanwhile.
     */
    public void opened() {
        if ((state & (GONE | FAILED)) != 0) {
            return;
        }
        long now = System.nanoTime();
        // Opened again before anybody saw the old one closed: a library found it stale and connects anew.
        closed(CloseReason.STALE);
        Lease latest = lease;
        if (latest != null) {
            latest.reopened();
        }
        used = false;
        reason = null;
        opened = now;
        idleSince = now;
        int before;
        do {
            before = state;
            if ((before & (GONE | FAILED)) != 0) {
                return;
            }
        } while (!STATE.compareAndSet(this, before, (before | OPEN) & ~(OPENING | SECURING)));
        moved(before, before | OPEN);
        if ((before & OPENING) != 0) {
            long took = now - opening;
            route.record(Timing.CREATE, took);
            Event.opened(this, took);
        }
    }

    /** Connecting failed, with an error of this type ({@code error.type}); nothing if it is open, or nobody connects. */
    public void failedToOpen(String errorType) {
        int before;
        do {
            before = state;
            if ((before & OPENING) == 0) {
                return;
            }
        } while (!STATE.compareAndSet(this, before, (before & ~OPENING) | FAILED));
        route.recordFailedCreate(errorType, System.nanoTime() - opening);
    }

    /** A lease begins; returns whether it took a connection that lay idle and had served before. */
    boolean leaseBegins(Lease begun, long now) {
        int before = (int) STATE.getAndAdd(this, LEASE);
        moved(before, before + LEASE);
        lease = begun;
        boolean fromIdle = before == OPEN && used;
        if (fromIdle) {
            idleAge = Math.max(0, now - idleSince);
        }
        return fromIdle;
    }

    void leaseEnds() {
        idleSince = System.nanoTime();
        int before = (int) STATE.getAndAdd(this, -LEASE);
        moved(before, before - LEASE);
    }

    /** Notes that a request was sent on it; returns whether one had been sent before. */
    boolean use() {
        return used || !USED.compareAndSet(this, false, true);
    }

    /** The pool has found a reason to close it, and will. */
    public void closing(CloseReason why) {
        reason = why;
    }

    /**
     * It is closed. Does nothing if it was not open. The reason is the first of these that is there: what the pool
     * {@linkplain #closing found}, what the thread is {@linkplain Scope#closing doing}, what its lease {@linkplain
     * Lease#closing was given}, and what the situation says: taken from the idle ones and closed before anybody held it,
     * or before anything was sent on it, the server had closed it; closed while idle, it had to make room; else it was not
     * to be kept.
     */
    public void closed() {
        Lease latest = lease;
        if (latest == null || leases() == 0) {
            closed(CloseReason.OVERFLOW);
        } else if (!latest.isConfirmed() || latest.isUntouched()) {
            closed(CloseReason.SERVER_CLOSED);
        } else {
            closed(CloseReason.NOT_KEEPALIVE);
        }
    }

    /**
     * It is closed, as {@link #closed()} says, and for good: a thread that opens it at the same moment (a selector) comes too
     * late, or this closes what it has opened.
     */
    public void gone() {
        int unused = (int) STATE.getAndBitwiseOr(this, GONE);
        closed();
    }

    /** It is closed; {@code otherwise} is the reason if none is known better, as for {@link #closed()}. */
    public void closed(CloseReason otherwise) {
        int before = (int) STATE.getAndBitwiseAnd(this, ~OPEN);
        if ((before & OPEN) == 0) {
            return;
        }
        moved(before, before & ~OPEN);
        Lease latest = lease;
        CloseReason why = reason;
        if (why == null) {
            why = Scope.reason();
        }
        if (why == null && latest != null) {
            why = latest.reason();
        }
        route.closed(why == null ? otherwise : why, System.nanoTime() - opened);
    }

    /**
     * It is closed by a clean-up that looks for leaks, for connections that have been idle for too long, and for too many
     * idle ones, and does not say which it found.
     */
    public void evicted() {
        if (leases() > 0) {
            reason = CloseReason.LEAKED;
        } else if (System.nanoTime() - idleSince < route.pool().keepAlive() / 4 * 3) {
            // By far: the library noted the beginning a little before us, and between the two a thread may have to
            // wait.
            reason = CloseReason.OVERFLOW;
        }
        closed(CloseReason.IDLE_EVICTED);
    }

    private void moved(int before, int after) {
        Count from = gauge(before);
        Count to = gauge(after);
        if (from != to) {
            if (from != null) {
                route.add(from, -1);
            }
            if (to != null) {
                route.add(to, 1);
            }
        }
    }

    private static Count gauge(int state) {
        if ((state & OPEN) == 0) {
            return null;
        }
        return (state & LEASES) != 0 ? Count.ACTIVE : Count.IDLE;
    }

    /** Where it leads. */
    public Route route() {
        return route;
    }

    /** The latest lease, which on a connection without multiplexing is the only one; null before the first. */
    public Lease lease() {
        return lease;
    }

    /** Whether it is open. */
    public boolean isOpen() {
        return (state & OPEN) != 0;
    }

    /** Whether somebody has begun to connect, and it is neither open nor failed yet; for the thread that connects. */
    public boolean isOpening() {
        return (state & OPENING) != 0;
    }

    /** How many leases it has. */
    public int leases() {
        return (state & LEASES) / LEASE;
    }

    /** How long it had been idle before its present lease, in nanoseconds. */
    long idleAge() {
        return idleAge;
    }
}

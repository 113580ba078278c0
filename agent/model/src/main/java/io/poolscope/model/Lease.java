package io.poolscope.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A connection, or a stream of one, in the hands of a request: from being granted to being given back.
 *
 * <p>What has happened to a lease is a set of bits that are only ever added, each by one atomic operation whose first
 * caller wins. That makes every transition idempotent and indifferent to order, which libraries need: they release
 * twice, close from other threads, and run callbacks before the method that leased has returned. {@link #ENDED} and
 * {@link #LEAKED} race by design (a response is closed while its collection is being noticed): a lease that has ended
 * cannot leak, and one that leaked still ends when the library takes the connection back after all.
 *
 * <p>One record of 56 bytes for a lease, one of 32 for its {@link Custody}. Thread-safe.
 */
public final class Lease {

    /** The leases that have not ended. */
    public static final Outstanding<Lease> OUTSTANDING = new Outstanding<>();

    /** Given back, or gone with its connection. */
    private static final int ENDED = 1;
    /** Collected without having been given back. */
    private static final int LEAKED = 1 << 1;
    /** Reported as held without progress. */
    private static final int SUSPECTED = 1 << 2;
    /** Counted as granted, with its wait. */
    private static final int CONFIRMED = 1 << 3;
    /** The head of a request was written on it. */
    private static final int USED = 1 << 4;
    /** The head of a response came. */
    private static final int ANSWERED = 1 << 5;
    /** The response is in the application's hands. */
    private static final int HANDED_OUT = 1 << 6;
    /** The end of the body was seen. */
    private static final int BODY_ENDED = 1 << 7;
    /** Closed before the end of the body was seen. */
    private static final int CLOSED_UNDRAINED = 1 << 8;
    /** It took a connection that lay idle, and had served before. */
    private static final int FROM_IDLE = 1 << 9;
    /** Not watched for age: a web socket or a stream of events is long by nature. */
    private static final int LONG_LIVED = 1 << 10;
    /** The thread that has it is not the one that asked: its call site was taken there, or is not to be taken. */
    private static final int SITE_SETTLED = 1 << 11;
    /** Its wait has been recorded: it ended before there was a connection. */
    private static final int WAIT_RECORDED = 1 << 12;
    /** Its response is being closed before the end of its body was seen. */
    private static final int CLOSING_UNDRAINED = 1 << 13;
    /** The application has asked the library's selector not to read on. */
    private static final int INPUT_SUSPENDED = 1 << 14;
    /** Granted to a request that gave up at that moment, and perhaps claimed by nobody. */
    private static final int UNCLAIMED = 1 << 15;

    /** Something is or will be told of it, with its call site. */
    private static final int REPORTED = LEAKED | SUSPECTED | CLOSED_UNDRAINED;

    /** Above these bits stands why its connection will be closed: the ordinal of the reason, plus one. */
    private static final int REASON_SHIFT = 16;

    private static final CloseReason[] REASONS = CloseReason.values();

    /** Value of {@link #progress} while a read is under way. */
    private static final int READING = Integer.MIN_VALUE;

    /** Units of {@link #progress} are 2^20 ns. */
    private static final int STAMP_SHIFT = 20;

    private static final VarHandle STATE;
    private static final VarHandle PROGRESS;
    private static final VarHandle SITE;
    private static final VarHandle CUSTODY;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Lease.class, "state", int.class);
            PROGRESS = lookup.findVarHandle(Lease.class, "progress", int.class);
            SITE = lookup.findVarHandle(Lease.class, "site", CallSite.class);
            CUSTODY = lookup.findVarHandle(Lease.class, "custody", Custody.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Connection connection;
    private final long granted;
    private final long waited;
    private final int slot;
    private volatile int state;
    /** When the body was read last, or handed out, as {@link Clock#coarse()}; {@link #READING} during a read. */
    private int progress;

    private volatile CallSite site;
    private volatile Custody custody;
    private volatile String traceparent;

    /**
     * Begins a lease.
     *
     * @param connection what is leased
     * @param waited how long was waited for it, in nanoseconds; negative where the client does not wait for connections
     */
    Lease(Connection connection, long waited) {
        this.connection = connection;
        this.waited = waited;
        this.granted = System.nanoTime();
        this.progress = stamp(granted);
        connection.route().add(Count.LEASES, 1);
        boolean fromIdle = connection.leaseBegins(this, granted);
        this.slot = OUTSTANDING.claim(this);
        // Others see the lease already, through the connection and the table, and may have ended it before its slot
        // was known. Either they come after this operation and find the slot, or it is given back here.
        int before = (int) STATE.getAndBitwiseOr(this, fromIdle ? FROM_IDLE : 0);
        if ((before & ENDED) != 0) {
            OUTSTANDING.release(slot, this);
        }
    }

    /** Begins a lease that nobody waited for; null if there is no such connection or its client is not watched. */
    public static Lease begin(Connection connection) {
        if (connection == null || !connection.route().pool().client().isOn()) {
            return null;
        }
        return new Lease(connection, -1);
    }

    /**
     * Begins a lease for a request that had waited for the permission to go on, and was let go on in another thread; null as
     * above.
     *
     * @param permitted the wait, which is {@linkplain Wait#over over}
     */
    public static Lease begin(Connection connection, Wait permitted) {
        if (connection == null || !connection.route().pool().client().isOn()) {
            return null;
        }
        Lease lease = new Lease(connection, permitted.waited());
        lease.add(WAIT_RECORDED);
        lease.settle(permitted.site());
        return lease;
    }

    /**
     * Begins a lease for a request that had an earlier one: a redirect to another host, a retry; null as above.
     *
     * @param settled the earlier one's {@link #settledSite}
     */
    public static Lease begin(Connection connection, CallSite settled) {
        Lease lease = begin(connection);
        if (lease != null) {
            lease.settle(settled);
        }
        return lease;
    }

    /** Where it was asked for; it is not to be taken any more, also if this is null or {@link CallSite#NOT_TAKEN}. */
    void settle(CallSite taken) {
        add(SITE_SETTLED);
        site(taken == CallSite.NOT_TAKEN ? null : taken);
    }

    /**
     * The call site for a later lease of the same request, {@link CallSite#NOT_TAKEN} if it was not taken when that could be
     * done; null if it is to be taken at the hand-out. To be asked before the end.
     */
    public CallSite settledSite() {
        CallSite here = site;
        return is(SITE_SETTLED) ? (here == null ? CallSite.NOT_TAKEN : here) : null;
    }

    /**
     * Says who holds the lease: the object whose death without {@link #end} proves a leak. Confirms the lease: from here
     * on it counts as granted.
     */
    public void heldBy(Object custodian) {
        confirm();
        if (site == null && !is(SITE_SETTLED) && route().isWatchedClosely()) {
            // Not at the hand-out, as in good times: who waits for a response that does not come has a line, too.
            site(CallSite.here());
        }
        if (Custody.isWanted() && !is(ENDED)) {
            Custody before = custody;
            if (before != null) {
                before.clear();
            }
            Custody now = new Custody(custodian, this);
            custody = now;
            if (is(ENDED)) {
                now.clear();
            }
        }
    }

    /**
     * The pool has granted it, and whoever had asked gave up at the same time, so that perhaps nobody will claim it. It counts
     * as granted, and as lost once this object is collected without {@link #heldBy}, which is all that is left of the request.
     */
    public void unclaimed(Object rest) {
        int before;
        do {
            before = state;
            if ((before & (USED | CONFIRMED | ENDED)) != 0) {
                return;
            }
        } while (!STATE.compareAndSet(this, before, before | USED | UNCLAIMED));
        countGranted((before & FROM_IDLE) != 0);
        if (Custody.isWanted()) {
            // Whoever claims it after all, at the same time, must not be overwritten.
            boolean unused = CUSTODY.compareAndSet(this, (Custody) null, new Custody(rest, this));
        }
    }

    private void confirm() {
        if (add(CONFIRMED) && waited >= 0 && !is(WAIT_RECORDED)) {
            route().record(Timing.WAIT_SUCCESS, waited);
        }
    }

    /**
     * The head of a request has been written on the connection.
     *
     * @param traceparent the W3C header of that name that it carried, null if none
     */
    public void requestSent(String traceparent) {
        traceparent(traceparent);
        // Of every request: the connection may have been opened anew since the one before (stale, or a challenge).
        boolean reused = connection.use();
        int before = (int) STATE.getAndBitwiseOr(this, USED);
        if ((before & (USED | ENDED)) == 0) {
            // Not where it was ended first, by an abort from another thread: its end has counted it.
            countGranted(reused);
            if (waited > Wait.LONG) {
                Event.offer(Event.longWait(this, waited));
            }
        }
    }

    /** The request that is about to be sent carries this {@code traceparent}; null is ignored. */
    public void traceparent(String header) {
        if (header != null) {
            traceparent = header;
        }
    }

    private void countGranted(boolean reused) {
        route().add(reused ? Count.GRANTED_REUSED : Count.GRANTED_NEW, 1);
    }

    /** The head of a response has been read. */
    public void responseStarted() {
        if (add(ANSWERED)) {
            route().record(Timing.RESPONSE, System.nanoTime() - granted);
            if (is(FROM_IDLE)) {
                route().record(Timing.IDLE_OK, connection.idleAge());
            }
        }
    }

    /** The response goes to the application now: its call site is taken if the route's rule says so. */
    public void handedOut() {
        if (is(ENDED | HANDED_OUT)) {
            return;
        }
        // Before the bit: who sees it must not take the time of the grant for that of the hand-out.
        PROGRESS.setOpaque(this, stamp(Clock.coarse()));
        if (add(HANDED_OUT) && site == null && !is(SITE_SETTLED) && route().capture()) {
            site(CallSite.here());
        }
    }

    /** Sets the call site, if it has none. Null is ignored. */
    public void site(CallSite here) {
        if (here != null) {
            boolean unused = SITE.compareAndSet(this, (CallSite) null, here);
        }
    }

    /** A read of the body begins: while it lasts, the lease is not being held but waited on. */
    public void readBegins() {
        PROGRESS.setOpaque(this, READING);
    }

    /** A read of the body has ended. */
    public void readEnds() {
        PROGRESS.setOpaque(this, stamp(Clock.coarse()));
    }

    /**
     * The application wants no more of the body for now: until it asks again the lease is held, whatever the network does.
     * For libraries that call the application when something has come; what is not suspended is being read.
     */
    public void inputSuspended() {
        add(INPUT_SUSPENDED);
        readEnds();
    }

    /** The application wants more of the body. */
    public void inputRequested() {
        int unused = (int) STATE.getAndBitwiseAnd(this, ~INPUT_SUSPENDED);
        readBegins();
    }

    /** The library has called the application with a part of the body, and is back: it reads on, unless it is not to. */
    public void inputTaken() {
        if (!is(INPUT_SUSPENDED)) {
            readBegins();
        }
    }

    /** The end of the body has been seen. */
    public void bodyEnded() {
        add(BODY_ENDED);
    }

    /** The response is being closed, and the end of its body has not been seen; or that is over. */
    public void closingUndrained(boolean now) {
        if (now) {
            add(CLOSING_UNDRAINED);
        } else {
            int unused = (int) STATE.getAndBitwiseAnd(this, ~CLOSING_UNDRAINED);
        }
    }

    /** Whether the response is being closed without the end of its body having been seen. */
    public boolean isClosingUndrained() {
        return is(CLOSING_UNDRAINED);
    }

    /**
     * The response was closed before the end of its body was seen; does nothing if the end had been seen, or if that was
     * said before.
     *
     * @param outcome what became of the connection
     * @param draining how long closing spent reading the rest, in nanoseconds; 0 if it did not
     */
    public void closedUndrained(Undrained outcome, long draining) {
        if (is(BODY_ENDED) || !add(CLOSED_UNDRAINED)) {
            return;
        }
        if (outcome == Undrained.DISCARDED) {
            closing(CloseReason.UNDRAINED);
        }
        route().closedUndrained(this, outcome, draining);
    }

    /**
     * The application has said that it wants no more of the body, and the library throws the connection away in a thread of
     * its own: the line is that of the request, if that was taken.
     */
    public void leftUndrained() {
        if (!is(BODY_ENDED) && add(CLOSED_UNDRAINED)) {
            closing(CloseReason.UNDRAINED);
            route().leftUndrained(this);
        }
    }

    /**
     * The exchange failed in a way that a connection fails: reset, end of stream. Before the head of a response on a
     * connection that had served before, the connection was stale; unless it counts as closed by now, or its pool does: then it
     * was the pool that closed it, in use, or who closed the pool, as when the application shuts down.
     */
    public void exchangeFailed() {
        boolean isPoolClosed = route().pool().isClosed();
        boolean stale = is(FROM_IDLE) && !is(ANSWERED) && connection.isOpen() && !isPoolClosed;
        CloseReason otherwise = isPoolClosed ? CloseReason.POOL_CLOSED : CloseReason.FAILED;
        if (closing(stale ? CloseReason.STALE : otherwise) && stale) {
            route().record(Timing.IDLE_STALE, connection.idleAge());
            Event.offer(Event.stale(this, connection.idleAge()));
        }
    }

    /**
     * The exchange failed, or connecting did, with this error: a connection fails by an {@link IOException} that is no
     * timeout. Does nothing after the end.
     */
    public void failed(Throwable error) {
        if (is(ENDED)) {
            return;
        }
        connection.failedToOpen(error.getClass().getName());
        if (error instanceof IOException && !(error instanceof InterruptedIOException)) {
            exchangeFailed();
        } else {
            closing(CloseReason.FAILED);
        }
    }

    /** Says why the connection will be closed; the first reason counts. Returns whether this was it. */
    public boolean closing(CloseReason why) {
        while (true) {
            int before = state;
            if (before >>> REASON_SHIFT != 0) {
                return false;
            }
            if (STATE.compareAndSet(this, before, before | (why.ordinal() + 1) << REASON_SHIFT)) {
                return true;
            }
        }
    }

    /**
     * Its connection is open now, TLS and tunnel included. If the lease has been ended meanwhile, by an abort from another
     * thread that came too early to find anything open, the connection is gone already, unless it has other leases.
     */
    public void opened() {
        connection.opened();
        if (isEnded() && !(connection.isMultiplexed() && connection.leases() > 0)) {
            connection.closed(CloseReason.ABORTED);
        }
    }

    /**
     * Its connection has been opened anew, because the old one was stale or the server closed it after a challenge: what
     * was true of the old one is not of this one. Only that the application gave up remains.
     */
    void reopened() {
        int before;
        int after;
        do {
            before = state;
            boolean gaveUp = reason(before) == CloseReason.ABORTED;
            after = (gaveUp ? before : before & (1 << REASON_SHIFT) - 1) & ~FROM_IDLE;
        } while (!STATE.compareAndSet(this, before, after));
    }

    /** Takes the lease out of the search for held responses, for exchanges that are long by nature. */
    public void longLived() {
        add(LONG_LIVED);
    }

    /**
     * The library closes the connection as the last lease on it, which this is, is given back. The reason is what was said
     * of this lease; else, if nothing was sent on it, that the server had closed it; else that the connection was not to be
     * kept, by itself or by a pool that keeps no idle ones.
     */
    public void closed() {
        CloseReason why = reason();
        if (why != null) {
            connection.closed(why);
        } else if (!is(CONFIRMED) || isUntouched()) {
            connection.closed(CloseReason.SERVER_CLOSED);
        } else {
            boolean keepsNone = route().pool().idleLimit() == 0;
            connection.closed(keepsNone ? CloseReason.OVERFLOW : CloseReason.NOT_KEEPALIVE);
        }
    }

    /** The lease is given back. */
    public void end() {
        confirm();
        finish();
    }

    /** The lease is given back: {@link #end}, or {@link #takenBack} if nobody had {@linkplain Wait#taken waited} for it. */
    public void returned() {
        if (waited >= 0) {
            end();
        } else {
            takenBack();
        }
    }

    /** The pool itself took the lease back before anybody held it; it is not counted as granted. */
    public void takenBack() {
        finish();
    }

    private void finish() {
        int before = (int) STATE.getAndBitwiseOr(this, ENDED);
        if ((before & ENDED) != 0) {
            return;
        }
        OUTSTANDING.release(slot, this);
        Custody watched = custody;
        if (watched != null) {
            watched.clear();
        }
        Route route = route();
        route.add(Count.LEASES, -1);
        connection.leaseEnds();
        if ((before & (CONFIRMED | USED)) == CONFIRMED) {
            // Nothing was ever sent: connecting failed, or the request was aborted before. It was granted all the same.
            countGranted((before & FROM_IDLE) != 0);
        }
        if ((before & LEAKED) != 0) {
            route.add(Count.LEAKED, -1);
        } else if ((before & (CONFIRMED | USED)) != 0) {
            // Every one that counts as granted, also one that nobody came for.
            route.record(Timing.USE, System.nanoTime() - granted);
        }
        if ((before & SUSPECTED) != 0 && (before & LEAKED) == 0) {
            Event.offer(Event.returned(this));
        }
        if ((before & REPORTED) == 0) {
            // An idle connection keeps its latest lease, and a call site the classes of the application on its stack.
            site = null;
        }
    }

    /**
     * The object through which it was held has been collected. Called by the engine.
     *
     * @return whether that makes it a leak: it had not ended, and this is the first time it is said
     */
    public boolean leaked() {
        while (true) {
            int before = state;
            if ((before & (ENDED | LEAKED)) != 0) {
                return false;
            }
            // Counted first, so that an end that comes right after it finds what it takes back.
            route().add(Count.LEAKED, 1);
            if (STATE.compareAndSet(this, before, before | LEAKED)) {
                route().add(Count.LEAKS, 1);
                route().alert();
                return true;
            }
            route().add(Count.LEAKED, -1);
        }
    }

    /**
     * It has been held without progress for long. Called by the engine.
     *
     * @return whether this is the first time it is said of a lease that has neither ended nor leaked
     */
    public boolean suspect() {
        while (true) {
            int before = state;
            if ((before & (ENDED | LEAKED | SUSPECTED)) != 0) {
                return false;
            }
            if (STATE.compareAndSet(this, before, before | SUSPECTED)) {
                route().alert();
                return true;
            }
        }
    }

    /**
     * The body is being read again. Called by the engine.
     *
     * @return whether it had been suspected until now; false if it has ended, which tells the same by an event
     */
    public boolean acquit() {
        while (true) {
            int before = state;
            if ((before & SUSPECTED) == 0 || (before & (ENDED | LEAKED)) != 0) {
                return false;
            }
            if (STATE.compareAndSet(this, before, before & ~SUSPECTED)) {
                return true;
            }
        }
    }

    /** For how long it has been in the application's hands without being read, in nanoseconds; 0 while it is not. */
    public long heldFor(long now) {
        int bits = state;
        int last = (int) PROGRESS.getOpaque(this);
        if ((bits & HANDED_OUT) == 0 || (bits & (ENDED | LONG_LIVED)) != 0 || last == READING) {
            return 0;
        }
        return (long) Math.max(0, stamp(now) - last) << STAMP_SHIFT;
    }

    /** A time in 32 bits: units of a millisecond, nearly, whose differences hold for 26 days. Never {@link #READING}. */
    private static int stamp(long nanos) {
        int stamp = (int) (nanos >> STAMP_SHIFT);
        return stamp == READING ? stamp + 1 : stamp;
    }

    private static CloseReason reason(int bits) {
        int why = bits >>> REASON_SHIFT;
        return why == 0 ? null : REASONS[why - 1];
    }

    /** What is leased. */
    public Connection connection() {
        return connection;
    }

    /** The route of its connection. */
    public Route route() {
        return connection.route();
    }

    /** When it was granted, as {@link System#nanoTime()}. */
    public long granted() {
        return granted;
    }

    /** How long was waited for it, in nanoseconds; negative where the client does not wait for connections. */
    public long waited() {
        return waited;
    }

    /** Where it was handed out, null if that was not taken. */
    public CallSite site() {
        return site;
    }

    /**
     * Hands over where it was handed out; later calls return null. For leases that may never end: a call site keeps the
     * application's classes alive, and with them a pool that hangs on one, which then would never be gone.
     */
    public CallSite takeSite() {
        return (CallSite) SITE.getAndSet(this, (CallSite) null);
    }

    /** Why its connection will be closed, null if nothing was said. */
    public CloseReason reason() {
        return reason(state);
    }

    /** The {@code traceparent} of the latest request on it, null if there was none. */
    public String traceparent() {
        return traceparent;
    }

    /** Whether it has been given back. */
    public boolean isEnded() {
        return is(ENDED);
    }

    /** Whether it was collected without having been given back. */
    public boolean isLeaked() {
        return is(LEAKED);
    }

    /** Whether it is reported as held, and has not come back. */
    public boolean isSuspected() {
        return is(SUSPECTED) && !is(ENDED | LEAKED);
    }

    /** Whether the head of a response has been read. */
    public boolean isAnswered() {
        return is(ANSWERED);
    }

    /**
     * Whether the object through which it is held has been collected and nobody has said so yet: {@link #leaked} is about
     * to be called. A pool that is collected with it may be closed by its finalizer before that.
     */
    public boolean isAbandoned() {
        Custody latest = custody;
        return latest != null && latest.get() == null && !is(ENDED | LEAKED);
    }

    /** Whether the request had given up as it was granted, and nobody has claimed it since. */
    public boolean isUnclaimed() {
        return (state & (UNCLAIMED | CONFIRMED)) == UNCLAIMED;
    }

    /** Whether it is long by nature. */
    public boolean isLongLived() {
        return is(LONG_LIVED);
    }

    /** Whether the response is in the application's hands. */
    public boolean isHandedOut() {
        return is(HANDED_OUT);
    }

    /** Whether it took a connection that lay idle, and nothing has been sent on that yet. */
    public boolean isUntouched() {
        return (state & (FROM_IDLE | USED)) == FROM_IDLE;
    }

    /** Whether it is held through this object's custody, and not through another's by now. */
    boolean isHeldThrough(Custody one) {
        return custody == one;
    }

    /** Whether it counts as granted: somebody holds it, or did. */
    public boolean isConfirmed() {
        return is(CONFIRMED);
    }

    /** Whether closing the response now closes it before its end was seen: the application has it, and has not ended it. */
    public boolean isUndrained() {
        return (state & (HANDED_OUT | ENDED | BODY_ENDED | CLOSED_UNDRAINED)) == HANDED_OUT;
    }

    /** Whether the end of the body has been seen. */
    public boolean isBodyEnded() {
        return is(BODY_ENDED);
    }

    /** Whether any of these bits is set. */
    private boolean is(int bits) {
        return (state & bits) != 0;
    }

    /** Adds a bit; returns whether it was not there before. */
    private boolean add(int bit) {
        return ((int) STATE.getAndBitwiseOr(this, bit) & bit) == 0;
    }
}

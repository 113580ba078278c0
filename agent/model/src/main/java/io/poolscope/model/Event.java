package io.poolscope.model;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Something rare that is worth telling, and its way from woven code to the engine: a bounded, lock-free queue. What finds
 * the queue full is dropped and counted; no number is lost by that, because all numbers are kept in {@link Route}.
 *
 * <p>Immutable; what does not apply to its kind is null or 0. It may hold a lease and a call site, so it must not be kept
 * for long.
 */
public final class Event {

    /** What happened. */
    public enum Kind {
        /** A wait ended without a connection: {@link #outcome}, {@link #nanos} waited. */
        WAIT_ENDED,
        /** A wait ended well, and took long: {@link #lease}, {@link #nanos} waited. */
        LONG_WAIT,
        /** A response was closed undrained: {@link #lease}, {@link #undrained}, {@link #site}, {@link #nanos} drained. */
        UNDRAINED,
        /** A suspected lease came back: {@link #lease}. */
        RETURNED,
        /** A reused connection failed before it answered: {@link #lease}, {@link #nanos} idle. */
        STALE,
        /** A connection was opened: {@link #lease} that caused it or null, {@link #nanos} it took. */
        OPENED,
        /** Woven code of ours failed: {@link #client}, {@link #failure}. */
        FAILURE
    }

    private static final int BOUND = 4096;

    private static final ConcurrentLinkedQueue<Event> QUEUE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger SIZE = new AtomicInteger();
    private static final LongAdder DROPPED = new LongAdder();

    /** Whether openings of connections are wanted: they are not rare. */
    private static volatile boolean openings;

    /** What happened. */
    public final Kind kind;
    /** When, in milliseconds of the wall clock. */
    public final long at = System.currentTimeMillis();
    /** The route, null for {@link Kind#FAILURE}. */
    public final Route route;
    /** The lease. */
    public final Lease lease;
    /** The client whose woven code failed. */
    public final Client client;
    /** How the wait ended. */
    public final WaitOutcome outcome;
    /** What became of the connection. */
    public final Undrained undrained;
    /** Where. */
    public final CallSite site;
    /** How long, in nanoseconds. */
    public final long nanos;
    /** What woven code of ours threw. */
    public final Throwable failure;

    private Event(
            Kind kind,
            Route route,
            Lease lease,
            Client client,
            WaitOutcome outcome,
            Undrained undrained,
            CallSite site,
            long nanos,
            Throwable failure) {
        this.kind = kind;
        this.route = route;
        this.lease = lease;
        this.client = client;
        this.outcome = outcome;
        this.undrained = undrained;
        this.site = site;
        this.nanos = nanos;
        this.failure = failure;
    }

    static Event waitEnded(Route route, WaitOutcome outcome, long waited) {
        return new Event(Kind.WAIT_ENDED, route, null, null, outcome, null, null, waited, null);
    }

    static Event longWait(Lease lease, long waited) {
        return new Event(Kind.LONG_WAIT, lease.route(), lease, null, WaitOutcome.SUCCESS, null, null, waited, null);
    }

    static Event undrained(Lease lease, Undrained outcome, CallSite site, long draining) {
        return new Event(Kind.UNDRAINED, lease.route(), lease, null, null, outcome, site, draining, null);
    }

    static Event returned(Lease lease) {
        return new Event(Kind.RETURNED, lease.route(), lease, null, null, null, null, 0, null);
    }

    static Event stale(Lease lease, long idle) {
        return new Event(Kind.STALE, lease.route(), lease, null, null, null, null, idle, null);
    }

    static void opened(Connection connection, long took) {
        if (openings) {
            offer(new Event(Kind.OPENED, connection.route(), connection.lease(), null, null, null, null, took, null));
        }
    }

    static Event failure(Client client, Throwable failure) {
        return new Event(Kind.FAILURE, null, null, client, null, null, null, 0, failure);
    }

    /** Puts an event into the queue. Never blocks. */
    static void offer(Event event) {
        if (SIZE.incrementAndGet() > BOUND) {
            SIZE.decrementAndGet();
            DROPPED.increment();
        } else {
            QUEUE.add(event);
        }
    }

    /** Asks for an event for each connection that is opened; called by the engine, from the settings. */
    public static void wantOpenings() {
        openings = true;
    }

    /** The next event, null if there is none. */
    public static Event poll() {
        Event event = QUEUE.poll();
        if (event != null) {
            SIZE.decrementAndGet();
        }
        return event;
    }

    /** How many events were dropped, since the start. */
    public static long dropped() {
        return DROPPED.sum();
    }
}

package io.poolscope.model;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where a pool's connections lead: an origin, and a proxy if there is one. All numbers are kept here.
 *
 * <p>Thread-safe and lock-free; a number that is read while others are added may miss the latest.
 */
public final class Route {

    /** Host of the route that stands for all routes past the bound: the conventions' spelling. */
    public static final String OTHER = "_OTHER";

    /** The first leases of a route have their call sites taken. */
    private static final int FIRST = 32;
    /** So many types of connect errors are told apart. */
    private static final int ERROR_TYPES = 8;

    /** How long a route in trouble stays under full watch after the last sign of it: ten minutes. */
    static final long ALERT = 600_000_000_000L;

    private static final Count[] COUNTS = Count.values();
    private static final Timing[] TIMINGS = Timing.values();
    private static final CloseReason[] REASONS = CloseReason.values();

    private final Pool pool;
    private final String host;
    private final int port;
    private final String proxy;
    private final LongAdder[] counts = new LongAdder[COUNTS.length];
    private final LongAdder[] closes = new LongAdder[REASONS.length];
    private final AtomicReferenceArray<Histogram> timings = new AtomicReferenceArray<>(TIMINGS.length);
    private final Map<String, Histogram> failedCreates = new ConcurrentHashMap<>();
    private volatile int limit = Pool.NO_LIMIT;
    private volatile int streamLimit = Pool.NO_LIMIT;
    private volatile String protocol;
    /** Until when every call site is taken, as {@link Clock#coarse()}; 0 is never. */
    private volatile long alertUntil;
    /** Leases seen by {@link #capture}; racy on purpose: a lost count samples one lease more or less. */
    private int seen;
    /** Undrained closes seen by {@link #closedUndrained}; the same. */
    private int undrainedSeen;

    Route(Pool pool, String host, int port, String proxy) {
        this.pool = pool;
        this.host = host;
        this.port = port;
        this.proxy = proxy;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
        for (int i = 0; i < closes.length; i++) {
            closes[i] = new LongAdder();
        }
    }

    /** Adds to a count, which may be negative for a gauge. */
    public void add(Count what, int delta) {
        counts[what.ordinal()].add(delta);
    }

    /** Records a duration in nanoseconds. */
    public void record(Timing what, long nanos) {
        histogram(what).record(nanos);
    }

    private Histogram histogram(Timing what) {
        Histogram histogram = timings.get(what.ordinal());
        if (histogram == null) {
            timings.compareAndSet(what.ordinal(), null, new Histogram(what.bounds));
            histogram = timings.get(what.ordinal());
        }
        return histogram;
    }

    void recordFailedCreate(String errorType, long nanos) {
        failedCreates(errorType).record(nanos);
    }

    private Histogram failedCreates(String errorType) {
        Histogram histogram = failedCreates.get(errorType);
        if (histogram == null) {
            String type = failedCreates.size() < ERROR_TYPES ? errorType : OTHER;
            histogram = failedCreates.computeIfAbsent(type, unused -> new Histogram(Timing.CREATE.bounds));
        }
        return histogram;
    }

    void closed(CloseReason reason, long lived) {
        closes[reason.ordinal()].increment();
        record(Timing.LIFETIME, lived);
    }

    /**
     * Counts a response that was closed undrained. The closing line is taken for the first ones and then for a sample,
     * which stands for those since the sample before: the total is exact, its division among lines is then an estimate.
     */
    void closedUndrained(Lease lease, Undrained outcome, long draining) {
        if (outcome == Undrained.DRAINED_ON_CLOSE) {
            record(Timing.DRAIN, draining);
        }
        Event sample = isDue(++undrainedSeen) ? Event.undrained(lease, outcome, CallSite.here(), draining) : null;
        countUndrained(outcome, sample);
    }

    /** Counts a response that the library threw away undrained in a thread of its own; a sample are those with a line. */
    void leftUndrained(Lease lease) {
        CallSite asked = lease.site();
        Event sample = asked == null ? null : Event.undrained(lease, Undrained.DISCARDED, asked, 0);
        countUndrained(Undrained.DISCARDED, sample);
    }

    private void countUndrained(Undrained outcome, Event sample) {
        if (sample != null) {
            // Before it is counted: of what the engine finds counted, each line is in the queue by then.
            Event.offer(sample);
        }
        add(outcome == Undrained.DISCARDED ? Count.UNDRAINED_DISCARDED : Count.UNDRAINED_DRAINED, 1);
    }

    /**
     * Whether the call site of the lease at hand is to be taken: of the first leases of a route, then of {@linkplain
     * CallSite#oneIn one in so many}, and of every one while the route is in trouble ({@link #alert}).
     */
    public boolean capture() {
        return isDue(++seen) || isWatchedClosely();
    }

    /** Whether the nth is taken; n turns negative after 2^31, days in a busy process, and must not count as first then. */
    static boolean isDue(int n) {
        int oneIn = CallSite.oneIn();
        return oneIn != CallSite.NONE && ((n > 0 && n <= FIRST) || (n & (oneIn - 1)) == 0);
    }

    /** The route is in trouble: every call site is taken for the next ten minutes. */
    public void alert() {
        alertUntil = Clock.coarse() + ALERT;
    }

    /** Whether every call site is taken now: the route is in trouble, or its pool is under {@linkplain Pool#alert watch}. */
    public boolean isAlert() {
        return isBefore(alertUntil) || isBefore(pool.alertUntil());
    }

    /** Whether every call site is taken as soon as somebody holds a lease. */
    boolean isWatchedClosely() {
        return isAlert() && CallSite.oneIn() != CallSite.NONE;
    }

    private static boolean isBefore(long until) {
        return until != 0 && until - Clock.coarse() > 0;
    }

    /**
     * Adds all that was counted and timed on a route that is gone. Gauges are left out: nothing is out of a pool that is
     * gone, and what was never told (connections that the collector took) would stand here for ever.
     */
    public void absorb(Route gone) {
        for (Count count : COUNTS) {
            if (!count.isGauge()) {
                counts[count.ordinal()].add(gone.count(count));
            }
        }
        for (CloseReason reason : REASONS) {
            closes[reason.ordinal()].add(gone.closes(reason));
        }
        for (Timing timing : TIMINGS) {
            Histogram other = gone.timing(timing);
            if (other != null) {
                histogram(timing).absorb(other);
            }
        }
        gone.failedCreates.forEach(
                (errorType, other) -> failedCreates(errorType).absorb(other));
    }

    /** The pool that it belongs to. */
    public Pool pool() {
        return pool;
    }

    /** The origin's host, {@link #OTHER} for all that are past the bound. */
    public String host() {
        return host;
    }

    /** The origin's port, -1 if there is none to tell. */
    public int port() {
        return port;
    }

    /** The proxy as {@code host:port}, null without one. */
    public String proxy() {
        return proxy;
    }

    /** Whether it stands for all routes past the bound. */
    public boolean isOther() {
        return host.equals(OTHER);
    }

    /** How many connections it may have, {@link Pool#NO_LIMIT} if that is not limited or has no value of its own. */
    public int limit() {
        return limit;
    }

    /** Sets how many connections it may have. */
    public void limit(int connections) {
        limit = connections;
    }

    /** How many streams its server allows at once on one connection, {@link Pool#NO_LIMIT} where that was not said. */
    public int streamLimit() {
        return streamLimit;
    }

    /** Sets how many streams its server allows at once on one connection. */
    public void streamLimit(int streams) {
        streamLimit = streams;
    }

    /** The protocol that its connections speak, where that is known to be HTTP/2 ({@code 2}); else null. */
    public String protocol() {
        return protocol;
    }

    /** Sets the protocol that its connections speak. */
    public void protocol(String version) {
        protocol = version;
    }

    /** A count now. */
    public long count(Count what) {
        return counts[what.ordinal()].sum();
    }

    /** How many connections were closed for this reason. */
    public long closes(CloseReason reason) {
        return closes[reason.ordinal()].sum();
    }

    /** A histogram, null if nothing was recorded in it. */
    public Histogram timing(Timing what) {
        return timings.get(what.ordinal());
    }

    /** Histograms of the connects that failed, by type of error. */
    public Map<String, Histogram> failedCreates() {
        return failedCreates;
    }

    @Override
    public String toString() {
        return (port < 0 ? host : host + ":" + port) + (proxy == null ? "" : " via " + proxy);
    }
}

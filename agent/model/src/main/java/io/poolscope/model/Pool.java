package io.poolscope.model;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection pool of the application: its routes and its limits, as strings and numbers.
 *
 * <p>The library's pool carries {@link Routes}; this is what outlives it, so that what was counted can still be told.
 * Thread-safe.
 */
public final class Pool {

    /** Value of a limit that is not there. */
    public static final int NO_LIMIT = -1;

    /** So many pools wait at most for the engine to see them. */
    private static final int BOUND = 10_000;

    private static final ConcurrentLinkedQueue<Pool> BUILT = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger BUILT_SIZE = new AtomicInteger();

    /** So many routes of a pool are told apart; set by the engine from the settings. */
    private static volatile int maxRoutes = 30;

    private final Client client;
    private final boolean bounded;
    private final long born = System.nanoTime();
    private final AtomicReference<CallSite> builtAt;
    private final ConcurrentHashMap<String, Route> routes = new ConcurrentHashMap<>();
    private final AtomicBoolean known = new AtomicBoolean();
    private volatile WeakReference<Routes> owner;
    private volatile boolean closed;
    private volatile long alertUntil;
    private volatile int limit = NO_LIMIT;
    private volatile int routeLimit = NO_LIMIT;
    private volatile int idleLimit = NO_LIMIT;
    private volatile long keepAlive = NO_LIMIT;
    private volatile int dispatcherLimit = NO_LIMIT;
    private volatile int dispatcherHostLimit = NO_LIMIT;

    Pool(Client client, boolean bounded, CallSite builtAt) {
        this.client = client;
        this.bounded = bounded;
        this.builtAt = new AtomicReference<>(builtAt);
    }

    /**
     * Makes it known to the engine, with what the library's pool carries, whose death tells the pool's; once, further calls
     * do nothing.
     */
    void built(Routes routes) {
        if (known.get() || !known.compareAndSet(false, true)) {
            return;
        }
        owner = new WeakReference<>(routes);
        if (BUILT_SIZE.incrementAndGet() > BOUND) {
            BUILT_SIZE.decrementAndGet();
        } else {
            BUILT.add(this);
        }
    }

    /** The next pool that was built and that the engine has not seen yet, null if there is none. */
    public static Pool poll() {
        Pool pool = BUILT.poll();
        if (pool != null) {
            BUILT_SIZE.decrementAndGet();
        }
        return pool;
    }

    /** Sets how many routes of a pool are told apart. */
    public static void maxRoutes(int routes) {
        maxRoutes = routes;
    }

    /** The route to this origin through this proxy, or the one that stands for all past the bound. */
    Route route(String host, int port, String proxy) {
        String key = host + ":" + port + (proxy == null ? "" : " " + proxy);
        Route known = routes.get(key);
        if (known != null) {
            return known;
        }
        if (routes.size() >= maxRoutes) {
            return routes.computeIfAbsent(Route.OTHER, unused -> new Route(this, Route.OTHER, -1, null));
        }
        return routes.computeIfAbsent(key, unused -> new Route(this, host, port, proxy));
    }

    /**
     * A pool that no library has: the engine gathers in its one route what was counted in pools that are gone.
     *
     * @see Route#absorb
     */
    public static Route others(Client client) {
        return new Route(new Pool(client, false, null), Route.OTHER, -1, null);
    }

    /** The library it belongs to. */
    public Client client() {
        return client;
    }

    /**
     * Whether a slot stays taken until its lease is given back, whatever becomes of the connection (Apache). Where not
     * (OkHttp), a lease that leaked ends with its connection.
     */
    public boolean isBounded() {
        return bounded;
    }

    /** When it was built, as {@link System#nanoTime()}. */
    public long born() {
        return born;
    }

    /** Where it was built: the first call returns it, later ones null, so that it is not kept for longer than needed. */
    public CallSite takeBuiltAt() {
        return builtAt.getAndSet(null);
    }

    /** Its routes. */
    public Collection<Route> routes() {
        return routes.values();
    }

    /** One like it was in trouble: every call site of all its routes is taken for the next ten minutes. */
    public void alert() {
        alertUntil = Clock.coarse() + Route.ALERT;
    }

    /** Until when every call site is taken, as {@link Clock#coarse()}; 0 is never. */
    long alertUntil() {
        return alertUntil;
    }

    /**
     * The application has closed it. Its leases end, its connections are gone. Where the library's pool had been collected
     * before, it is a finalizer that closes it, and the application never did.
     */
    public void closed() {
        if (!isGone()) {
            closed = true;
        }
    }

    /** Whether the application has closed it. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether the library's pool has been collected. */
    public boolean isGone() {
        WeakReference<Routes> reference = owner;
        return reference != null && reference.get() == null;
    }

    /** How many connections it may have in all. */
    public int limit() {
        return limit;
    }

    /** Sets how many connections it may have in all. */
    public void limit(int connections) {
        limit = connections;
    }

    /** How many connections a route may have that has no limit of its own. */
    public int routeLimit() {
        return routeLimit;
    }

    /** Sets how many connections a route may have that has no limit of its own. */
    public void routeLimit(int connections) {
        routeLimit = connections;
    }

    /** How many idle connections it keeps. */
    public int idleLimit() {
        return idleLimit;
    }

    /** Sets how many idle connections it keeps. */
    public void idleLimit(int connections) {
        idleLimit = connections;
    }

    /** How long it keeps an idle connection, in nanoseconds; {@link #NO_LIMIT} if that is not known. */
    public long keepAlive() {
        return keepAlive;
    }

    /** Sets how long it keeps an idle connection, in nanoseconds. */
    public void keepAlive(long nanos) {
        keepAlive = nanos;
    }

    /** How many requests its dispatcher runs at once. */
    public int dispatcherLimit() {
        return dispatcherLimit;
    }

    /** How many requests its dispatcher runs at once to one host. */
    public int dispatcherHostLimit() {
        return dispatcherHostLimit;
    }

    /** Sets how many requests its dispatcher runs at once, in all and to one host; cheap where nothing changes. */
    public void dispatcherLimits(int requests, int requestsPerHost) {
        if (dispatcherLimit != requests) {
            dispatcherLimit = requests;
        }
        if (dispatcherHostLimit != requestsPerHost) {
            dispatcherHostLimit = requestsPerHost;
        }
    }
}

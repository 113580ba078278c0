package io.poolscope.engine.pools;

import io.poolscope.model.CallSite;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Count;
import io.poolscope.model.Histogram;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The pools of this JVM: their names, which of them are told apart, and when they leave.
 *
 * <p>A pool goes through these states, and never back:
 *
 * <ul>
 *   <li><b>unused</b>: no request has named a route yet. Builders of some clients make pools that never serve; those get no
 *       name and are not counted.
 *   <li><b>young</b>: it has a name, and is not exported for its first three seconds. One that dies as young goes to the
 *       others, unless it took a leak with it and there is room: so a program that builds a pool for every request has one
 *       series, not a thousand.
 *   <li><b>own</b>: exported under its name. When it is closed or collected it stays for a while, so that the last
 *       numbers are fetched, and then leaves with its series.
 *   <li><b>other</b>: past the bound, or died young. It is part of the sum {@code _OTHER} of its client for ever: what is
 *       gone is gathered in a route of ours, and a new one for each gathering, so that who reads the snapshot before
 *       counts nothing twice and no counter falls.
 * </ul>
 *
 * <p>{@link #tick} belongs to the engine's thread; what {@link Inventory} promises may be called from any.
 */
public final class Catalogue implements Inventory {

    private static final long S = 1_000_000_000L;
    /** A pool that lived for less than this may be one of a thousand. */
    static final long YOUTH = 3 * S;
    /**
     * A pool that was collected takes its leases with it; so long after that was seen its leaks have been found, because the
     * objects that prove them were collected no later.
     */
    static final long GRACE = 2 * S;
    /** A young pool that died waits so long for its leaks to be found. */
    private static final long LAST_WORDS = S / 2;

    /** So many lines that build pools are remembered. */
    private static final int BUILDERS = 500;

    private enum State {
        UNUSED,
        YOUNG,
        OWN,
        OTHER
    }

    /** Takes in what becomes of pools. */
    public interface PoolListener {
        /** A pool was closed, or collected without that. */
        void died(Pool pool, Site builtAt, long now);
    }

    /** A pool and what we think of it. */
    private static final class Known {
        final Pool pool;
        final Site builtAt;
        final String builtBy;
        State state = State.UNUSED;
        PoolNames.Name name;
        boolean isDead;
        boolean isSwept;
        long deadSince;
        int routes;

        Known(Pool pool, Site builtAt) {
            this.pool = pool;
            this.builtAt = builtAt;
            this.builtBy = builtAt.isKnown() ? builtAt.owner : SiteSeries.UNKNOWN;
        }

        String client() {
            return pool.client().name();
        }

        boolean isDeadFor(long nanos, long now) {
            return isDead && now - deadSince >= nanos;
        }
    }

    private final int maxPools;
    private final boolean tellsRoutes;
    private final long retireAfter;
    private final SiteReader reader;
    private final Ledger ledger;
    private final PoolNames names = new PoolNames();
    private final Map<Pool, Known> known = Collections.synchronizedMap(new IdentityHashMap<>());
    /** In order of construction. */
    private final List<Known> inOrder = new ArrayList<>();
    /** Lines that built pools, each once: there may be thousands of pools of one line. */
    private final Map<Site, Site> builders = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Site, Site> eldest) {
            return size() > BUILDERS;
        }
    };

    private PoolListener listener = (pool, builtAt, now) -> {};
    /** What other pools that are gone had counted, by client. */
    private final Map<String, Route> gathered = new TreeMap<>();

    private int own;
    private long usedPools;
    private long goneRequests;
    private long goneLeaks;
    private long goneUndrained;
    private long goneTimeouts;
    private boolean changed;
    private volatile List<PoolSeries> pools = List.of();
    private volatile List<SiteSeries> sites = List.of();
    private volatile int poolCount;
    private volatile int overflow;

    /**
     * An empty catalogue.
     *
     * @param maxPools so many pools are told apart
     * @param maxSites so many pairs of call site and route are told apart
     * @param tellsRoutes whether hosts and ports may be told
     * @param retireAfter how long a pool that is closed keeps its series, in nanoseconds
     */
    public Catalogue(int maxPools, int maxSites, boolean tellsRoutes, long retireAfter, SiteReader reader) {
        this.maxPools = maxPools;
        this.tellsRoutes = tellsRoutes;
        this.retireAfter = retireAfter;
        this.reader = reader;
        this.ledger = new Ledger(maxSites, this);
    }

    /** What call sites did. */
    public Ledger ledger() {
        return ledger;
    }

    /** From now on this is told what becomes of pools. */
    public void listener(PoolListener to) {
        listener = to;
    }

    /** Shows the pools that are used and live, in order of construction, with the lines that built them. */
    public void forEachInUse(BiConsumer<Pool, Site> visitor) {
        for (Known pool : inOrder) {
            if (pool.state != State.UNUSED && !pool.isDead) {
                visitor.accept(pool.pool, pool.builtAt);
            }
        }
    }

    /** Takes in what is new, lets go of what is gone; {@code now} as {@link System#nanoTime()}. */
    public void tick(long now) {
        takeIn();
        for (Known pool : inOrder) {
            if (!pool.isDead && (pool.pool.isClosed() || pool.pool.isGone())) {
                pool.isDead = true;
                pool.deadSince = now;
                listener.died(pool.pool, pool.builtAt, now);
            }
        }
        endLeasesOfTheDead(now);
        for (Iterator<Known> each = inOrder.iterator(); each.hasNext(); ) {
            Known pool = each.next();
            advance(pool, now);
            if (isToLeave(pool, now)) {
                each.remove();
                leave(pool);
            }
        }
        for (Known pool : inOrder) {
            boolean isLast = pool.isDeadFor(GRACE, now);
            for (Route route : pool.pool.routes()) {
                ledger.settle(route, isLast);
            }
        }
        publish();
    }

    /** Takes in pools that were built, and names those that are used now. */
    public void takeIn() {
        for (Pool pool = Pool.poll(); pool != null; pool = Pool.poll()) {
            CallSite builtAt = pool.takeBuiltAt();
            Site site = builtAt == null ? Site.UNKNOWN : reader.read(builtAt.getStackTrace());
            Known met = new Known(pool, builders.computeIfAbsent(site, same -> same));
            known.put(pool, met);
            inOrder.add(met);
        }
        for (Known pool : inOrder) {
            if (pool.state == State.UNUSED && !pool.pool.routes().isEmpty()) {
                pool.state = State.YOUNG;
                pool.name = names.take(family(pool.pool, pool.builtAt));
                if (wasTroubleAt(pool.builtBy)) {
                    pool.pool.alert();
                }
                usedPools++;
            }
        }
    }

    private void advance(Known pool, long now) {
        if (pool.state == State.YOUNG) {
            if (pool.isDead) {
                if (pool.isDeadFor(LAST_WORDS, now)) {
                    boolean isTold = sum(pool.pool, Count.LEAKS) > 0 && own < maxPools / 2;
                    become(pool, isTold ? State.OWN : State.OTHER);
                }
            } else if (now - pool.pool.born() >= YOUTH) {
                become(pool, own < maxPools ? State.OWN : State.OTHER);
            }
        }
        if (pool.isDeadFor(GRACE, now)) {
            zeroGauges(pool.pool);
        }
        if (pool.state == State.OWN && pool.routes != pool.pool.routes().size()) {
            changed = true;
        }
    }

    private void become(Known pool, State state) {
        pool.state = state;
        changed = true;
        if (state == State.OWN) {
            own++;
        } else {
            for (Route route : pool.pool.routes()) {
                ledger.joinOthers(route);
            }
        }
    }

    /** Exports what is young too: there will be no later. Called when the JVM exits. */
    public void matureAll() {
        for (Known pool : inOrder) {
            if (pool.state == State.YOUNG) {
                become(pool, own < maxPools ? State.OWN : State.OTHER);
            }
        }
        publish();
    }

    /** How pools are named that are built there, before they are numbered. */
    public static String family(Pool pool, Site builtAt) {
        return pool.client().called() + "@" + (builtAt.isKnown() ? builtAt.owner : SiteSeries.UNKNOWN);
    }

    /**
     * Ends what can never end by itself: leases of a pool that was closed, of one that was collected, and leaks whose
     * connection is gone where a leak holds nothing else. Waits, too, a little later: most pools end them when they are
     * closed, but HttpAsyncClient 4 forgets them, and their requests never hear of it.
     */
    private void endLeasesOfTheDead(long now) {
        boolean someDied = false;
        for (Known pool : inOrder) {
            someDied |= isToSweep(pool, now);
        }
        Lease.OUTSTANDING.forEach(lease -> {
            Pool pool = lease.route().pool();
            if (lease.isLeaked() && !pool.isBounded() && !lease.connection().isOpen()) {
                lease.takenBack();
            } else if (pool.isClosed() || pool.isGone()) {
                Known dead = known.get(pool);
                // One that is about to be found leaked is not ended before: it was lost first, and its pool closed by
                // the pool's finalizer.
                if (dead != null && isToSweep(dead, now) && !lease.isAbandoned()) {
                    if (pool.isClosed()) {
                        // Closed with the pool, or left to whoever has it (OFFLOCK of HttpClient 5): no pool has it any
                        // more.
                        lease.connection().closed(CloseReason.POOL_CLOSED);
                    }
                    lease.takenBack();
                }
            }
        });
        if (someDied) {
            Wait.OUTSTANDING.forEach(wait -> {
                Known dead = known.get(wait.route().pool());
                if (dead != null && dead.isDeadFor(GRACE, now) && isToSweep(dead, now)) {
                    wait.ended(WaitOutcome.FAILED);
                }
            });
            for (Known pool : inOrder) {
                pool.isSwept |= pool.isDeadFor(GRACE, now) && isToSweep(pool, now);
            }
        }
    }

    /** The leases of a closed pool end at once: they lost their connections. */
    private static boolean isToSweep(Known pool, long now) {
        return pool.isDead && !pool.isSwept && (pool.pool.isClosed() || pool.isDeadFor(GRACE, now));
    }

    /** Nothing is open, out or waited for in a pool that is gone, whatever was left uncounted. */
    private static void zeroGauges(Pool pool) {
        for (Route route : pool.routes()) {
            zero(route, Count.PENDING);
            zero(route, Count.LEASES);
            zero(route, Count.ACTIVE);
            zero(route, Count.IDLE);
            zero(route, Count.LEAKED);
        }
    }

    private static void zero(Route route, Count gauge) {
        int rest = (int) route.count(gauge);
        if (rest != 0) {
            route.add(gauge, -rest);
        }
    }

    private boolean isToLeave(Known pool, long now) {
        switch (pool.state) {
            case UNUSED:
                return pool.isDead;
            case OWN:
                return pool.isDeadFor(Math.max(GRACE, retireAfter), now);
            case OTHER:
                return pool.isDeadFor(GRACE, now);
            default:
                return false;
        }
    }

    private void leave(Known pool) {
        known.remove(pool.pool);
        if (pool.state == State.UNUSED) {
            return;
        }
        names.giveBack(pool.name);
        changed = true;
        for (Route route : pool.pool.routes()) {
            ledger.settle(route, true);
            ledger.forget(route);
        }
        if (pool.state == State.OTHER) {
            Route fresh = Pool.others(pool.pool.client());
            Route before = gathered.put(pool.client(), fresh);
            if (before != null) {
                fresh.absorb(before);
            }
            for (Route route : pool.pool.routes()) {
                fresh.absorb(route);
            }
        } else {
            own--;
            for (Route route : pool.pool.routes()) {
                goneRequests += requests(route);
                goneLeaks += route.count(Count.LEAKS);
                goneUndrained += undrained(route);
                goneTimeouts += timeouts(route);
            }
        }
    }

    private void publish() {
        int count = 0;
        int past = ledger.overflow();
        for (Known pool : inOrder) {
            if (pool.state != State.UNUSED && !pool.isDead) {
                count++;
            }
            if (pool.state == State.OTHER || pool.pool.routes().stream().anyMatch(Route::isOther)) {
                past++;
            }
        }
        poolCount = count;
        overflow = past;
        if (changed) {
            changed = false;
            pools = snapshot();
        }
        sites = siteSnapshot();
    }

    private List<PoolSeries> snapshot() {
        List<PoolSeries> series = new ArrayList<>();
        Map<String, List<Route>> others = new TreeMap<>();
        gathered.forEach((client, route) ->
                others.computeIfAbsent(client, unused -> new ArrayList<>()).add(route));
        for (Known pool : inOrder) {
            Collection<Route> routes = pool.pool.routes();
            if (pool.state == State.OTHER) {
                others.computeIfAbsent(pool.client(), unused -> new ArrayList<>())
                        .addAll(routes);
            } else if (pool.state == State.OWN) {
                pool.routes = routes.size();
                series.add(new PoolSeries(pool.name.text, pool.client(), pool.pool, routeSeries(routes)));
            }
        }
        others.forEach((client, routes) -> series.add(new PoolSeries(
                Route.OTHER,
                client,
                null,
                List.of(new RouteSeries(tellsRoutes ? Route.OTHER : null, -1, null, routes)))));
        return Collections.unmodifiableList(series);
    }

    private List<RouteSeries> routeSeries(Collection<Route> routes) {
        if (!tellsRoutes) {
            return List.of(new RouteSeries(null, -1, null, new ArrayList<>(routes)));
        }
        List<RouteSeries> series = new ArrayList<>();
        for (Route route : routes) {
            series.add(new RouteSeries(route.host(), route.port(), route.proxy(), List.of(route)));
        }
        return series;
    }

    private List<SiteSeries> siteSnapshot() {
        Map<List<Object>, Ledger.Row> merged = new LinkedHashMap<>();
        ledger.forEach((where, function, row) -> {
            List<Object> key;
            if (where instanceof Route) {
                Known pool = known.get(((Route) where).pool());
                if (pool == null
                        || pool.state != State.OWN
                        || !pool.pool.client().isOn()) {
                    return;
                }
                key = List.of(pool.name.text, pool.client(), tellsRoutes ? where : "", function);
            } else {
                key = List.of(Route.OTHER, where, tellsRoutes ? Route.OTHER : "", function);
            }
            merged.computeIfAbsent(key, unused -> new Ledger.Row()).add(row);
        });
        List<SiteSeries> series = new ArrayList<>();
        merged.forEach((key, row) -> {
            Route route = key.get(2) instanceof Route ? (Route) key.get(2) : null;
            String host = route != null ? route.host() : tellsRoutes ? Route.OTHER : null;
            series.add(new SiteSeries(
                    (String) key.get(0),
                    (String) key.get(1),
                    host,
                    route == null ? -1 : route.port(),
                    route == null ? null : route.proxy(),
                    (String) key.get(3),
                    row.leaks,
                    row.suspected,
                    row.discarded,
                    row.drained));
        });
        return Collections.unmodifiableList(series);
    }

    @Override
    public List<PoolSeries> pools() {
        List<PoolSeries> all = pools;
        for (PoolSeries series : all) {
            if (isTripped(series)) {
                List<PoolSeries> trusted = new ArrayList<>(all);
                trusted.removeIf(Catalogue::isTripped);
                return trusted;
            }
        }
        return all;
    }

    /** Half a truth is worse than none: nothing is told of a client whose woven code has failed too often. */
    private static boolean isTripped(PoolSeries series) {
        return series.pool() != null && !series.pool().client().isOn();
    }

    @Override
    public List<SiteSeries> sites() {
        return sites;
    }

    @Override
    public int poolCount() {
        return poolCount;
    }

    @Override
    public int overflow() {
        return overflow;
    }

    /** The routes of all pools that have not left. */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Known pool : inOrder) {
            routes.addAll(pool.pool.routes());
        }
        return routes;
    }

    /** Whether a pool that was built there is in trouble: a service that builds its client anew keeps its bug. */
    private boolean wasTroubleAt(String builtBy) {
        return inOrder.stream()
                .filter(other -> other.builtBy.equals(builtBy))
                .anyMatch(other -> other.pool.routes().stream().anyMatch(Route::isAlert));
    }

    /** A pool's own name, also where its numbers are among the others'; {@code _OTHER} once it has left. */
    @Override
    public String name(Pool pool) {
        Known found = known.get(pool);
        return found == null || found.name == null ? Route.OTHER : found.name.text;
    }

    /** The name under which a pool's numbers are exported. */
    public String exportedName(Pool pool) {
        return isOneOfOthers(pool) ? Route.OTHER : name(pool);
    }

    /** Whether it has not left. */
    boolean has(Pool pool) {
        return known.containsKey(pool);
    }

    /** Whether its numbers are among those of its client's other pools. */
    boolean isOneOfOthers(Pool pool) {
        Known found = known.get(pool);
        return found == null || found.state == State.OTHER;
    }

    /** Whether hosts and ports may be told. */
    @Override
    public boolean tellsRoutes() {
        return tellsRoutes;
    }

    /** What was counted since the start. */
    public Totals totals() {
        long requests = goneRequests;
        long leaks = goneLeaks;
        long undrained = goneUndrained;
        long timeouts = goneTimeouts;
        List<Route> all = routes();
        all.addAll(gathered.values());
        for (Route route : all) {
            requests += requests(route);
            leaks += route.count(Count.LEAKS);
            undrained += undrained(route);
            timeouts += timeouts(route);
        }
        return new Totals(usedPools, requests, leaks, undrained, timeouts);
    }

    private static long sum(Pool pool, Count count) {
        long sum = 0;
        for (Route route : pool.routes()) {
            sum += route.count(count);
        }
        return sum;
    }

    private static long requests(Route route) {
        return route.count(Count.GRANTED_NEW) + route.count(Count.GRANTED_REUSED);
    }

    private static long undrained(Route route) {
        return route.count(Count.UNDRAINED_DISCARDED) + route.count(Count.UNDRAINED_DRAINED);
    }

    private static long timeouts(Route route) {
        Histogram timeouts = route.timing(Timing.WAIT_TIMEOUT);
        long count = 0;
        if (timeouts != null) {
            for (long bucket : timeouts.counts()) {
                count += bucket;
            }
        }
        return count;
    }
}

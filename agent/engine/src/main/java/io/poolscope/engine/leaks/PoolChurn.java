package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Pools that serve a request or two and are done with, one after the other from one line: somebody builds a client for every
 * request. Each connects anew, and one that is not closed keeps its socket for as long as nobody collects it.
 *
 * <p>Done with is a pool that was closed or collected; and one that lies there, while its line has built another one that
 * leads to the same place. The latter alone proves little (a client for each tenant, all built at the start), so that it is told
 * only of a line that goes on building.
 */
final class PoolChurn implements Catalogue.PoolListener {

    /** A pool that served more requests was worth building. */
    private static final int REQUESTS = 3;
    /** So many of one line in a window are a habit. */
    private static final int HABIT = 10;

    /** Pools of one line. */
    private static final class Churn extends Case {
        final Site site;
        /** Where the latest of them led. */
        Route route;
        /** How many were told of. */
        long told;
        /** When, as {@link System#nanoTime()}. */
        long lastTold;

        // Since it was told:

        boolean isSpread;
        long firstFound;
        long lastFound;
        long firstBorn;
        long lastBorn;
        long requests;
        double creates;
        double createTime;
        long unclosed;
        long lying;

        Churn(Site site) {
            this.site = site;
        }

        void found(Pool pool, Load load, boolean isLying, long now) {
            if (fresh() == 0) {
                firstFound = now;
                firstBorn = pool.born();
                lastBorn = pool.born();
                isSpread = false;
                requests = 0;
                creates = 0;
                createTime = 0;
                unclosed = 0;
                lying = 0;
            }
            for (Route led : pool.routes()) {
                isSpread |= route != null && fresh() > 0 && !led.toString().equals(route.toString());
                route = led;
            }
            lastFound = now;
            firstBorn = Math.min(firstBorn, pool.born());
            lastBorn = Math.max(lastBorn, pool.born());
            requests += (long) load.granted();
            creates += load.creates;
            createTime += load.createTime;
            unclosed += pool.isClosed() ? 0 : 1;
            lying += isLying ? 1 : 0;
            add(1, System.currentTimeMillis());
        }

        /** Whether what was found at that time is among what has still to be told. */
        boolean isUntold(long found) {
            return fresh() > 0 && found - firstFound >= 0;
        }

        /** Whether what was found at that time has been told, and not passed over. */
        boolean wasTold(long found) {
            return isTold() && lastTold - found >= 0;
        }

        boolean isHabit(long window) {
            return fresh() >= HABIT && (fresh() - lying >= HABIT || lastFound - firstFound >= window / 2);
        }
    }

    private final Catalogue catalogue;
    private final Press press;
    private final Style style;
    private final Cases<Site, Churn> cases = new Cases<>();
    /** Pools that were found lying, and when: once somebody was told of them, their death is no news. */
    private final Map<Pool, Long> lying = new WeakHashMap<>();

    private long lookedAt;

    PoolChurn(Catalogue catalogue, Press press, Style style) {
        this.catalogue = catalogue;
        this.press = press;
        this.style = style;
    }

    @Override
    public void died(Pool pool, Site builtAt, long now) {
        Long since = lying.remove(pool);
        Churn churn = since == null ? null : cases.get(builtAt);
        if (churn != null && churn.isUntold(since)) {
            churn.lying--;
        } else if (churn == null || !churn.wasTold(since)) {
            found(pool, builtAt, false, now);
        }
    }

    private void found(Pool pool, Site builtAt, boolean isLying, long now) {
        Load load = Load.of(pool.routes(), 0);
        if (load.granted() >= 1 && load.granted() <= REQUESTS) {
            cases.computeIfAbsent(builtAt, Churn::new).found(pool, load, isLying, now);
        }
    }

    void tick(long now) {
        if (now - lookedAt >= style.window / 2) {
            lookedAt = now;
            findLying(now);
        }
        for (Churn churn : cases.values()) {
            if (churn.isDue(now, style.window) && churn.isHabit(style.window)) {
                boolean hadRoom = press.publish(report(churn, now), now);
                churn.told += hadRoom ? churn.fresh() : 0;
                churn.lastTold = hadRoom ? now : churn.lastTold;
                churn.told(hadRoom, now, style.window);
            } else if (churn.fresh() > 0 && now - churn.firstFound >= style.window) {
                churn.passedOver(now);
            }
        }
    }

    private void findLying(long now) {
        Map<Site, Pool> newest = new HashMap<>();
        catalogue.forEachInUse((pool, builtAt) -> newest.put(builtAt, pool));
        catalogue.forEachInUse((pool, builtAt) -> {
            if (now - pool.born() >= style.window
                    && newest.get(builtAt) != pool
                    && isIdle(pool)
                    && leadTo(newest.get(builtAt)).containsAll(leadTo(pool))
                    && lying.putIfAbsent(pool, now) == null) {
                found(pool, builtAt, true, now);
            }
        });
    }

    private static boolean isIdle(Pool pool) {
        for (Route route : pool.routes()) {
            if (route.count(Count.LEASES) > 0 || route.count(Count.PENDING) > 0) {
                return false;
            }
        }
        return true;
    }

    private static List<String> leadTo(Pool pool) {
        List<String> places = new ArrayList<>();
        for (Route route : pool.routes()) {
            places.add(route.toString());
        }
        return places;
    }

    private Report report(Churn churn, long now) {
        Pool pool = churn.route.pool();
        Facts facts = new Facts(catalogue, style.depth);
        String family = Catalogue.family(pool, churn.site);
        String place = churn.isSpread || !catalogue.tellsRoutes() ? family : family + ", " + churn.route;
        if (!churn.isSpread) {
            facts.route(churn.route);
        }
        facts.put(Names.POOL_NAME, family).put(Names.CLIENT, pool.client().name());
        facts.times(churn).put(Names.CHURN_REQUESTS, churn.requests).put(Names.CHURN_UNCLOSED, churn.unclosed);
        if (churn.site.isKnown()) {
            facts.site(churn.site);
        }
        facts.say("pool", place + ": " + served(churn));
        if (churn.unclosed > 0) {
            facts.say("seen", unclosed(churn));
        }
        facts.mend(Advice.of(pool.client()).buildOnce());
        return facts.report(
                Names.EVENT_CHURN,
                Severity.WARN,
                "CHURN a new pool for every "
                        + (churn.requests == churn.fresh()
                                ? "request"
                                : Text.about(churn.requests / (double) churn.fresh()) + " requests")
                        + ": " + (churn.site.isKnown() ? churn.site.inShort() : place) + ", " + times(churn, now));
    }

    private static String times(Churn churn, long now) {
        return churn.isTold()
                ? churn.times(now)
                : Text.number(churn.fresh()) + " in " + Text.duration(churn.lastBorn - churn.firstBorn);
    }

    private static String served(Churn churn) {
        return Text.count(churn.fresh(), "pool") + " served " + Text.count(churn.requests, "request")
                + ", over a new connection every time"
                + (churn.creates < 1
                        ? ""
                        : ", " + Text.duration((long) (churn.createTime / churn.creates)) + " to connect");
    }

    private static String unclosed(Churn churn) {
        String who = churn.unclosed == churn.fresh()
                ? "none of them was closed"
                : Text.number(churn.unclosed) + " of them were never closed";
        return who + ": what they keep open stays open until the garbage collector comes by";
    }

    /** How many pools were told of. */
    long count() {
        return cases.values().stream().mapToLong(churn -> churn.told).sum();
    }

    /** Lines that were told, the worst first. */
    List<String> toMend() {
        List<Churn> worst = new ArrayList<>(cases.values());
        worst.removeIf(churn -> churn.told == 0 || !churn.site.isKnown());
        worst.sort((a, b) -> Long.compare(b.told, a.told));
        List<String> places = new ArrayList<>();
        for (Churn churn : worst) {
            places.add(churn.site.place());
        }
        return places;
    }
}

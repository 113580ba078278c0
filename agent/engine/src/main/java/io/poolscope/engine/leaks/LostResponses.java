package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Count;
import io.poolscope.model.Custody;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaks that are certain: the object through which the application held a lease was collected, and the lease had not ended.
 * Nobody is left who could give it back.
 */
final class LostResponses {

    /** Leaks of one line, or of a route where the line is not known. */
    private static final class Leak extends Case {
        Site site;
        Route route;
        /** No response ever came of it: it was granted to a request that gave up at that moment. */
        boolean isUnclaimed;
    }

    private final Catalogue catalogue;
    private final LeaseSites sites;
    private final Press press;
    private final Style style;
    private final Cases<Object, Leak> leaks = new Cases<>();

    LostResponses(Catalogue catalogue, LeaseSites sites, Press press, Style style) {
        this.catalogue = catalogue;
        this.sites = sites;
        this.press = press;
        this.style = style;
    }

    void tick(long now, Observer observer) {
        for (Reference<?> collected = Custody.COLLECTED.poll();
                collected != null;
                collected = Custody.COLLECTED.poll()) {
            Custody custody = (Custody) collected;
            Lease lease = custody.lease();
            // Where errors of our own switched the client off, its responses may have been closed unseen.
            if (lease.route().pool().client().isOn() && custody.leaked()) {
                StackTraceElement[] stack = sites.take(lease);
                found(lease, sites.of(lease));
                observer.leaked(lease, stack, true);
            }
        }
        sites.tick();
        for (Leak leak : leaks.values()) {
            if (leak.isDue(now, style.window)) {
                leak.told(press.publish(report(leak, now), now), now, style.window);
            }
        }
    }

    private void found(Lease lease, Site site) {
        Route route = lease.route();
        catalogue.ledger().leaked(route, site);
        boolean isUnclaimed = lease.isUnclaimed() || (!lease.isAnswered() && !lease.isHandedOut() && !site.isKnown());
        Object key = site.isKnown() ? site : isUnclaimed ? List.of(route) : route;
        Leak leak = leaks.computeIfAbsent(key, unused -> new Leak());
        leak.site = site;
        leak.route = route;
        leak.isUnclaimed = isUnclaimed;
        leak.add(1, System.currentTimeMillis());
    }

    private Report report(Leak leak, long now) {
        Pool pool = leak.route.pool();
        Advice advice = Advice.of(pool.client());
        String where = leak.site.isKnown() ? leak.site.inShort() : Facts.place(catalogue, leak.route);
        Facts facts = new Facts(catalogue, style.depth).route(leak.route).times(leak);
        if (leak.site.isKnown() || !leak.isUnclaimed) {
            facts.site(leak.site);
        }
        facts.say("pool", Facts.place(catalogue, leak.route) + ": " + costs(leak.route, advice));
        String seen = leak.total() == 1
                ? Text.timeOfDay(leak.last())
                : "first " + Text.timeOfDay(leak.first()) + ", last " + Text.timeOfDay(leak.last());
        String what = leak.isUnclaimed ? "the rest of the request" : advice.holder();
        facts.say("seen", seen + ", when " + what + " was garbage collected: certain");
        facts.mend(leak.isUnclaimed ? advice.lostByTheClient() : advice.close());
        return facts.report(
                Names.EVENT_LEAK,
                Severity.WARN,
                (leak.isUnclaimed
                                ? "LEAK a connection was granted to a request that had given up: "
                                : "LEAK " + advice.leak() + ": ")
                        + where + ", " + leak.times(now));
    }

    private static String costs(Route route, Advice advice) {
        if (route.pool().isGone()) {
            return "the whole pool was dropped, too, and its connections with it";
        }
        if (route.pool().isClosed()) {
            return "the pool has been closed since";
        }
        return advice.leakCosts(route.count(Count.LEAKED), Limits.of(route).limit());
    }

    /** Whether leaks of this line were told. */
    boolean isTold(Site site) {
        Leak leak = site.isKnown() ? leaks.get(site) : null;
        return leak != null && leak.isTold();
    }

    /** Lines that leaked, the worst first. */
    List<String> toMend() {
        List<Leak> worst = new ArrayList<>(leaks.values());
        worst.sort((a, b) -> Long.compare(b.total(), a.total()));
        List<String> places = new ArrayList<>();
        for (Leak leak : worst) {
            if (leak.site.isKnown()) {
                places.add(leak.site.place());
            }
        }
        return places;
    }
}

package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.CallSite;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Responses that the application holds without reading them. That is not certain to be a leak, so what proved wrong is
 * retracted: when the response is closed, and also when it is read again.
 */
final class HeldResponses {

    private static final long SECOND = 1_000_000_000L;

    /** Responses held by one line, or of a route where the line is not known. */
    private static final class Held extends Case {
        Site site;
        Route route;
        /** The one that has been held for longest of those not told yet. */
        long held;

        long age;
        /** Retractions are rationed by themselves. */
        final Case retracted = new Case();

        String retraction;
    }

    private final Catalogue catalogue;
    private final LeaseSites sites;
    private final LostResponses lost;
    private final Press press;
    private final Style style;
    private final Cases<Object, Held> cases = new Cases<>();
    private final Map<Lease, Site> suspects = new IdentityHashMap<>();
    private long lookedAt;

    HeldResponses(Catalogue catalogue, LeaseSites sites, LostResponses lost, Press press, Style style) {
        this.lost = lost;
        this.catalogue = catalogue;
        this.sites = sites;
        this.press = press;
        this.style = style;
    }

    void tick(long now, Observer observer) {
        clear(now);
        if (style.suspectedAfter > 0 && now - lookedAt >= Math.min(SECOND, style.suspectedAfter / 2)) {
            lookedAt = now;
            Lease.OUTSTANDING.forEach(lease -> {
                long held = lease.heldFor(now);
                if (held >= style.suspectedAfter
                        && lease.route().pool().client().isOn()
                        && lease.suspect()) {
                    suspected(lease, held, now, observer);
                }
            });
        }
        for (Held held : cases.values()) {
            if (held.isDue(now, style.window) && lost.isTold(held.site)) {
                // The line is known to leak: that some of it lie there still is nothing new.
                held.passedOver(now);
            } else if (held.isDue(now, style.window)) {
                held.told(press.publish(report(held, now), now), now, style.window);
            }
            if (held.isTold() && held.retracted.isDue(now, style.window)) {
                press.correct(retraction(held));
                held.retracted.told(true, now, style.window);
            }
        }
    }

    private void suspected(Lease lease, long held, long now, Observer observer) {
        CallSite taken = lease.site();
        Site site = sites.of(lease);
        suspects.put(lease, site);
        catalogue.ledger().suspected(lease.route(), site, 1);
        observer.leaked(lease, taken == null ? null : taken.getStackTrace(), false);
        Held found = cases.computeIfAbsent(key(lease.route(), site), unused -> new Held());
        if (found.fresh() == 0 || held > found.held) {
            found.held = held;
            found.age = now - lease.granted();
        }
        found.site = site;
        found.route = lease.route();
        found.add(1, System.currentTimeMillis());
    }

    private static Object key(Route route, Site site) {
        return site.isKnown() ? site : route;
    }

    /** Takes back what proved wrong. */
    private void clear(long now) {
        for (Iterator<Map.Entry<Lease, Site>> each = suspects.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Lease, Site> suspect = each.next();
            Lease lease = suspect.getKey();
            Site site = suspect.getValue();
            boolean isLost = lease.isLeaked();
            boolean isBack = !isLost && lease.isEnded();
            boolean isRead = !isBack && !isLost && lease.heldFor(now) < style.suspectedAfter && lease.acquit();
            if (isBack || isLost || isRead) {
                each.remove();
                catalogue.ledger().suspected(lease.route(), site, -1);
                Pool pool = lease.route().pool();
                if (!isLost && !pool.isClosed() && !pool.isGone()) {
                    retract(lease, site, isRead, now);
                }
            }
        }
    }

    private void retract(Lease lease, Site site, boolean isRead, long now) {
        Held held = cases.get(key(lease.route(), site));
        if (held != null) {
            held.retraction = (isRead ? " reads its response again after " : " returned its response after ")
                    + Text.duration(now - lease.granted()) + ": slow, not leaked";
            held.retracted.add(1, System.currentTimeMillis());
        }
    }

    private String where(Held held) {
        return held.site.isKnown() ? held.site.inShort() : Facts.place(catalogue, held.route);
    }

    private Report report(Held held, long now) {
        Advice advice = Advice.of(held.route.pool().client());
        String age = Text.duration(held.age);
        String idle = Text.duration(held.held);
        Limits limits = Limits.of(held.route);
        int suspected = suspectsOf(held.route);
        Facts facts = new Facts(catalogue, style.depth).route(held.route).times(held);
        facts.site(held.site);
        facts.say(
                "pool",
                Facts.place(catalogue, held.route) + ": " + suspected
                        + " of its " + (limits.limit() < 0 ? "" : limits.limit() + " ") + "connections "
                        + (suspected == 1 ? "is" : "are") + " held so now");
        facts.say(
                "seen",
                Text.timeOfDay(held.last())
                        + ", not collected yet: perhaps leaked, perhaps slow; it is said when it comes back");
        facts.mend(advice.readFirst());
        return facts.report(
                Names.EVENT_LEAK_SUSPECTED,
                Severity.WARN,
                "SUSPECTED a response is held: " + where(held) + ", given out " + age + " ago, nothing read for " + idle
                        + (held.total() == 1 ? "" : "; " + held.times(now)));
    }

    private int suspectsOf(Route route) {
        int count = 0;
        for (Lease lease : suspects.keySet()) {
            if (lease.route() == route) {
                count++;
            }
        }
        return count;
    }

    private Report retraction(Held held) {
        Facts facts = new Facts(catalogue, style.depth).route(held.route).times(held.retracted);
        if (held.site.isKnown()) {
            facts.put(Names.CODE_FUNCTION, held.site.function);
        }
        return facts.report(Names.EVENT_LEAK_RETRACTED, Severity.INFO, "RETRACTED " + where(held) + held.retraction);
    }

    /** How many are suspected now. */
    int size() {
        return suspects.size();
    }
}

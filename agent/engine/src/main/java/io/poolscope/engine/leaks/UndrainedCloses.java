package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Ledger;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Route;
import io.poolscope.model.Undrained;
import java.util.ArrayList;
import java.util.List;

/**
 * Responses that were closed before the end of their body was seen. That is information, once for each line: it may be
 * meant. It is a warning, once a window, while it costs: over one reconnect a second and a fifth of the route's leases, or
 * closes that read on for long.
 */
final class UndrainedCloses implements Ledger.UndrainedListener {

    private static final double RECONNECTS_PER_SECOND = 1;
    private static final double SHARE = 0.2;
    /** A close that reads on for longer than this is long: the objective for waits. */
    private static final double LONG_DRAIN = 50e6;
    /** Of fewer leases no share is told. */
    private static final int FEW = 20;

    private static final class Closes extends Case {
        final Route route;
        final Site site;
        long discarded;
        long drained;
        long warned;
        Load toldAt;

        Closes(Route route, Site site) {
            this.route = route;
            this.site = site;
        }
    }

    private final Catalogue catalogue;
    private final Press press;
    private final Style style;
    private final Cases<List<Object>, Closes> cases = new Cases<>();

    UndrainedCloses(Catalogue catalogue, Press press, Style style) {
        this.catalogue = catalogue;
        this.press = press;
        this.style = style;
    }

    @Override
    public void undrained(Route route, Site site, Undrained outcome, long count) {
        Closes closes = cases.computeIfAbsent(List.of(route, site), unused -> new Closes(route, site));
        closes.add(count, System.currentTimeMillis());
        if (outcome == Undrained.DISCARDED) {
            closes.discarded += count;
        } else {
            closes.drained += count;
        }
    }

    void tick(long now) {
        for (Closes closes : cases.values()) {
            if (closes.isDue(now, style.window)) {
                tell(closes, now);
            }
        }
    }

    private void tell(Closes closes, long now) {
        Load load = Load.of(List.of(closes.route), now);
        Load window = closes.toldAt == null ? null : load.since(closes.toldAt);
        boolean isCostly = window != null && isCostly(closes, window);
        if (closes.isTold() && !isCostly) {
            closes.passedOver(now);
        } else {
            boolean hadRoom = press.publish(report(closes, window, load, isCostly, now), now);
            closes.told(hadRoom, now, style.window);
            if (!hadRoom) {
                return;
            }
            closes.warned += isCostly ? 1 : 0;
        }
        closes.toldAt = load;
        closes.discarded = 0;
        closes.drained = 0;
    }

    private static boolean isCostly(Closes closes, Load window) {
        double seconds = window.time / 1e9;
        boolean reconnects =
                closes.discarded > RECONNECTS_PER_SECOND * seconds && closes.discarded > SHARE * window.granted();
        boolean drains = closes.drained > 0 && window.drainTime > LONG_DRAIN * window.drains;
        return reconnects || drains;
    }

    private Report report(Closes closes, Load window, Load all, boolean isCostly, long now) {
        Route route = closes.route;
        Advice advice = Advice.of(route.pool().client());
        Facts facts = new Facts(catalogue, style.depth).route(route).times(closes);
        facts.put(Names.UNDRAINED_OUTCOME, closes.discarded >= closes.drained ? "discarded" : "drained_on_close");
        facts.site(closes.site);
        facts.say("pool", Facts.place(catalogue, route) + ": " + costs(closes, window == null ? all : window, advice));
        facts.mend(advice.drain());
        String where = closes.site.isKnown() ? closes.site.inShort() : Facts.place(catalogue, route);
        return facts.report(
                Names.EVENT_UNDRAINED,
                isCostly ? Severity.WARN : Severity.INFO,
                "UNDRAINED closed before the end of the body was seen: " + where + ", " + closes.times(now));
    }

    private static String costs(Closes closes, Load load, Advice advice) {
        if (closes.drained > closes.discarded && load.drains > 0) {
            return closes.drained < 2 && load.drainTime < LONG_DRAIN
                    ? advice.undrainedCosts(Undrained.DRAINED_ON_CLOSE)
                    : "closing read on for " + Text.duration((long) (load.drainTime / load.drains)) + " on average, "
                            + Text.duration((long) load.drainTime) + " in all";
        }
        if (load.granted() < FEW) {
            return advice.undrainedCosts(Undrained.DISCARDED);
        }
        return Text.percent(load.openedNew, load.granted()) + " of its leases open a new connection"
                + (load.creates < 1 ? "" : ", " + Text.duration((long) (load.createTime / load.creates)) + " each");
    }

    /** Lines that cost, the worst first. */
    List<String> toMend() {
        List<Closes> worst = new ArrayList<>(cases.values());
        worst.removeIf(closes -> closes.warned == 0 || !closes.site.isKnown());
        worst.sort((a, b) -> Long.compare(b.total(), a.total()));
        List<String> places = new ArrayList<>();
        for (Closes closes : worst) {
            places.add(closes.site.place());
        }
        return places;
    }
}

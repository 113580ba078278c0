package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Event;
import io.poolscope.model.Histogram;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.List;

/** Connections that were reused and proved dead: the server, or something on the way, had closed them while they lay idle. */
final class StaleConnections {

    /** Idle for less than this, a connection was not let lie: the server had closed it when it answered. Nanoseconds. */
    private static final long AT_ONCE = 100_000_000L;

    private static final class Stale extends Case {
        long shortest = Long.MAX_VALUE;
        long longest;
    }

    private final Catalogue catalogue;
    private final Press press;
    private final Style style;
    private final Cases<Route, Stale> cases = new Cases<>();

    StaleConnections(Catalogue catalogue, Press press, Style style) {
        this.catalogue = catalogue;
        this.press = press;
        this.style = style;
    }

    void stale(Event event) {
        Stale stale = cases.computeIfAbsent(event.route, unused -> new Stale());
        stale.shortest = Math.min(stale.shortest, event.nanos);
        stale.longest = Math.max(stale.longest, event.nanos);
        stale.add(1, event.at);
    }

    void tick(long now) {
        cases.forEach((route, stale) -> {
            if (stale.isDue(now, style.window)) {
                stale.told(press.publish(report(route, stale, now), now), now, style.window);
            }
        });
    }

    private Report report(Route route, Stale stale, long now) {
        long failed = count(route.timing(Timing.IDLE_STALE));
        long reused = failed + count(route.timing(Timing.IDLE_OK));
        String place = Facts.place(catalogue, route);
        Facts facts = new Facts(catalogue, style.depth).route(route).times(stale);
        facts.say(
                "pool",
                place + ": " + Text.number(failed) + " of " + Text.number(reused)
                        + " reused connections failed before a byte of the response came");
        boolean atOnce = stale.shortest < AT_ONCE;
        facts.say(
                "seen",
                (stale.shortest == stale.longest
                                ? "idle for " + Text.duration(stale.shortest)
                                : "idle for " + Text.duration(stale.shortest) + " to " + Text.duration(stale.longest))
                        + " before; the server, or something on the way, closes "
                        + (atOnce ? "right after an answer" : "earlier than that"));
        facts.mend(
                atOnce
                        ? List.of(
                                "no keep-alive time is short enough for that: let the server announce it (Connection: close),",
                                "and repeat what may be repeated")
                        : Advice.of(route.pool().client()).closeEarlier(stale.shortest / 1_000_000L));
        return facts.report(
                Names.EVENT_STALE,
                Severity.WARN,
                "STALE a reused connection was dead: " + (catalogue.tellsRoutes() ? route : place) + ", idle for "
                        + Text.duration(stale.shortest) + (stale.shortest == stale.longest ? "" : " or longer") + ", "
                        + stale.times(now));
    }

    private static long count(Histogram histogram) {
        long sum = 0;
        if (histogram != null) {
            for (long count : histogram.counts()) {
                sum += count;
            }
        }
        return sum;
    }
}

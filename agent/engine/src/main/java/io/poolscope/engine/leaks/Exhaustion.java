package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Count;
import io.poolscope.model.Event;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Nobody gets a connection any more: a request gave up, or the oldest has waited for long. The second matters most, because
 * in the worst outage nothing ends: HttpClient 4 waits for ever unless told otherwise.
 */
final class Exhaustion {

    private static final class Outage extends Case {
        /** The longest wait that was given up since it was told. */
        long gaveUpAfter;

        long gaveUp;
    }

    private final Catalogue catalogue;
    private final LeaseSites sites;
    private final Press press;
    private final Style style;
    private final LoadHistory history = new LoadHistory();
    private final Cases<Route, Outage> cases = new Cases<>();
    /** When pools were told of whose own limit was met, which all their routes meet. */
    private final Map<Pool, Long> toldOfPool = new WeakHashMap<>();

    Exhaustion(Catalogue catalogue, LeaseSites sites, Press press, Style style) {
        this.catalogue = catalogue;
        this.sites = sites;
        this.press = press;
        this.style = style;
    }

    void waitEnded(Event event) {
        if (event.outcome == WaitOutcome.TIMEOUT) {
            Outage outage = outage(event.route);
            outage.gaveUp++;
            outage.gaveUpAfter = Math.max(outage.gaveUpAfter, event.nanos);
            outage.add(1, event.at);
        }
    }

    private Outage outage(Route route) {
        return cases.computeIfAbsent(route, unused -> new Outage());
    }

    void tick(long now) {
        history.tick(catalogue.routes(), now);
        Map<Route, Long> oldest = oldestWaits(now);
        oldest.forEach((route, age) -> {
            if (age >= style.exhaustedAfter) {
                Outage outage = outage(route);
                if (outage.fresh() == 0) {
                    outage.add(1, System.currentTimeMillis());
                }
                route.alert();
            }
        });
        cases.forEach((route, outage) -> {
            if (outage.isDue(now, style.window)) {
                tell(route, outage, oldest.getOrDefault(route, 0L), now);
            }
        });
    }

    private static Map<Route, Long> oldestWaits(long now) {
        Map<Route, Long> oldest = new HashMap<>();
        Wait.OUTSTANDING.forEach(wait -> oldest.merge(wait.route(), now - wait.since(), Math::max));
        return oldest;
    }

    private void tell(Route route, Outage outage, long oldest, long now) {
        Limits limits = Limits.of(route);
        Long poolToldAt = limits.isTotal() ? toldOfPool.get(route.pool()) : null;
        boolean isOld = outage.gaveUp == 0 && oldest < style.exhaustedAfter;
        boolean isDead = route.pool().isClosed() || route.pool().isGone();
        if (isOld || isDead || (poolToldAt != null && now - poolToldAt < style.window)) {
            outage.passedOver(now);
        } else {
            boolean hadRoom = press.publish(report(route, limits, outage, oldest, now), now);
            outage.told(hadRoom, now, style.window);
            if (!hadRoom) {
                return;
            }
            if (limits.isTotal()) {
                toldOfPool.put(route.pool(), now);
            }
        }
        outage.gaveUp = 0;
        outage.gaveUpAfter = 0;
    }

    private Report report(Route route, Limits limits, Outage outage, long oldest, long now) {
        Pool pool = route.pool();
        Advice advice = Advice.of(pool.client());
        Holders holders = Holders.of(limits.routes(), sites, now);
        Cause cause = Cause.of(
                limits,
                holders,
                history.recent(limits, now),
                history.earlier(limits, now),
                history.age(limits, now),
                advice,
                pool.isBounded());
        long waiting = route.count(Count.PENDING);
        boolean isOver = outage.isTold() && waiting == 0 && limits.used() < limits.limit();
        Facts facts = new Facts(catalogue, style.depth).route(route);
        facts.put(Names.REPORT_COUNT, outage.gaveUp);
        facts.put(Names.EXHAUSTED_USED, limits.used());
        facts.put(Names.EXHAUSTED_LIMIT, (long) limits.limit());
        if (limits.limit() > 0) {
            facts.put(Names.EXHAUSTED_LIMIT_OF, limits.isTotal() ? "pool" : "route");
        }
        facts.put(Names.EXHAUSTED_WAITING, waiting);
        facts.put(Names.EXHAUSTED_OLDEST_WAIT, oldest / 1e9);
        facts.put(Names.EXHAUSTED_CAUSE, cause.name);
        facts.put(Names.EXHAUSTED_WHY, cause.why);
        facts.put(Names.EXHAUSTED_HOLDERS, String.join("\n", holders.table()));
        facts.say(
                "pool",
                limits.isTotal() && catalogue.tellsRoutes()
                        ? Facts.place(catalogue, route) + "; the limit is that of all its routes together"
                        : Facts.place(catalogue, route));
        if (!isOver) {
            holders.table().forEach(facts::line);
            facts.say("cause", cause.name + ": " + cause.why);
            if (!cause.mend.isEmpty()) {
                facts.mend(cause.mend);
            }
        }
        return facts.report(
                Names.EVENT_EXHAUSTED,
                Severity.ERROR,
                "EXHAUSTED " + who(outage, oldest) + (isOver ? " since, and it is over: " : ": ")
                        + state(pool, limits, waiting, outage.gaveUp > 0 ? oldest : 0));
    }

    private static String who(Outage outage, long oldest) {
        if (outage.gaveUp == 0) {
            return "a request has waited for " + Text.duration(oldest);
        }
        if (outage.gaveUp == 1) {
            return "a request gave up after " + Text.duration(outage.gaveUpAfter);
        }
        return Text.number(outage.gaveUp) + " requests gave up after up to " + Text.duration(outage.gaveUpAfter);
    }

    private static String state(Pool pool, Limits limits, long waiting, long oldest) {
        StringBuilder state = new StringBuilder();
        if (pool.isBounded() || limits.limit() < 0) {
            state.append(limits.used());
            state.append(limits.limit() < 0 ? "" : " of " + limits.limit()).append(" in use, ");
        } else {
            state.append("the dispatcher runs ").append(limits.limit()).append(" at once, ");
        }
        state.append(waiting).append(" waiting");
        if (oldest > 0 && waiting > 0) {
            state.append(", oldest ").append(Text.duration(oldest));
        }
        return state.toString();
    }
}

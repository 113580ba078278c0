package io.poolscope.engine.start;

import io.poolscope.engine.leaks.Style;
import io.poolscope.engine.leaks.Watchers;
import io.poolscope.engine.pools.BoundedInventory;
import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.engine.pools.Totals;
import io.poolscope.engine.report.Notices;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Text;
import io.poolscope.model.Event;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the agent's thread does four times a second. Confined to that thread. */
final class Rounds {

    /** So many lines are named at the exit. */
    private static final int NAMED = 5;

    private final Press press;
    private final long began;
    private final Catalogue catalogue;
    private final Inventory inventory;
    private final Watchers watchers;
    /** Clients whose woven code has failed, and was said to: once for all jars of one. */
    private final Set<String> failed = new HashSet<>();

    private Observer observer = new Observer() {};

    Rounds(Settings settings, Press press, long began) {
        this.press = press;
        this.began = began;
        SiteReader reader = new SiteReader(settings.list(Setting.CALLSITE_SKIP));
        catalogue = new Catalogue(
                settings.number(Setting.MAX_POOLS),
                settings.number(Setting.MAX_CALLSITES),
                settings.choice(Setting.ROUTES).equals("full"),
                settings.nanos(Setting.RETIRE_AFTER),
                reader);
        inventory = new BoundedInventory(catalogue, settings.number(Setting.MAX_ROUTES));
        boolean findsLeaks = !settings.choice(Setting.LEAKS).equals("off");
        Style style = new Style(
                settings.nanos(Setting.REPORT_WINDOW),
                settings.number(Setting.STACKTRACE_DEPTH),
                findsLeaks ? settings.nanos(Setting.LEAKS_SUSPECTED_AFTER) : 0,
                settings.nanos(Setting.EXHAUSTED_AFTER));
        watchers = new Watchers(catalogue, reader, press, style);
    }

    void observer(Observer to) {
        observer = to;
    }

    Inventory inventory() {
        return inventory;
    }

    Watchers watchers() {
        return watchers;
    }

    /** Takes in pools that are new, and nothing else yet. */
    void takeIn() {
        watchers.begin();
    }

    /** Whether a request has been served. */
    boolean hasServed() {
        return catalogue.totals().requests > 0;
    }

    void tick(long now) {
        watchers.begin();
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            watchers.event(event);
            observer.event(event);
            if (event.kind == Event.Kind.FAILURE && failed.add(event.client.name() + event.client.copy())) {
                StackTraceElement[] stack = event.failure.getStackTrace();
                Notices.warn("an error of Poolscope's own in what is woven into " + event.client.name() + " "
                        + event.client.version() + ", which the application does not feel: " + event.failure
                        + (stack.length == 0 ? "" : " at " + stack[0]));
            }
        }
        watchers.tick(now, observer);
        press.tick(now);
        observer.round(now);
    }

    /** What is young is told too: there will be no later. */
    void last() {
        catalogue.matureAll();
    }

    /** The whole run in a line; null if nothing in it is worth one. */
    String summary() {
        Totals totals = catalogue.totals();
        if (totals.leaks + totals.undrained + totals.timeouts + watchers.suspected() + watchers.shortLivedPools()
                == 0) {
            return null;
        }
        StringBuilder summary = new StringBuilder();
        summary.append(Text.duration(System.nanoTime() - began));
        summary.append(", ").append(Text.count(totals.pools, "pool"));
        summary.append(", ").append(Text.count(totals.requests, "request"));
        say(summary, totals.leaks, " leaked");
        say(summary, watchers.suspected(), " perhaps leaked");
        say(summary, totals.undrained, " closed undrained");
        say(summary, totals.timeouts, " got no connection");
        say(summary, watchers.shortLivedPools(), " pools of a request or two");
        List<String> places = watchers.toMend();
        if (!places.isEmpty()) {
            summary.append("; to mend: ").append(String.join(", ", places.subList(0, Math.min(NAMED, places.size()))));
            summary.append(places.size() > NAMED ? " and " + (places.size() - NAMED) + " more" : "");
        }
        return summary.toString();
    }

    private static void say(StringBuilder summary, long count, String what) {
        if (count > 0) {
            summary.append(", ").append(Text.number(count)).append(what);
        }
    }
}

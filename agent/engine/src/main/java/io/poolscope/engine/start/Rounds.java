package io.poolscope.engine.start;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.engine.pools.Totals;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Text;
import io.poolscope.model.Event;

/** What the agent's thread does four times a second, in this order. Confined to that thread. */
final class Rounds {

    private final Press press;
    private final long began;
    private final Catalogue catalogue;
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
                reader,
                (route, site, outcome, count) -> {});
    }

    void observer(Observer to) {
        observer = to;
    }

    Inventory inventory() {
        return catalogue;
    }

    /** Whether a request has been served. */
    boolean hasServed() {
        return catalogue.totals().requests > 0;
    }

    void tick(long now) {
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            observer.event(event);
        }
        catalogue.tick(now);
        press.tick(now);
    }

    /** What is young is told too: there will be no later. */
    void last() {
        catalogue.matureAll();
    }

    /** The whole run in a line; null if nothing in it is worth one. */
    String summary() {
        Totals totals = catalogue.totals();
        if (totals.leaks + totals.undrained + totals.timeouts == 0) {
            return null;
        }
        return Text.duration(System.nanoTime() - began) + ", " + Text.count(totals.pools, "pool") + ", "
                + Text.count(totals.requests, "request") + ", " + Text.number(totals.leaks) + " leaked, "
                + Text.number(totals.undrained) + " closed undrained";
    }
}

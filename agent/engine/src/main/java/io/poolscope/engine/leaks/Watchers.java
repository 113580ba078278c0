package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Press;
import io.poolscope.model.Event;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** All who look for something that goes wrong, and in which order they look. Confined to the engine's thread, but for {@link #holders}. */
public final class Watchers {

    private final Catalogue catalogue;
    private final SiteReader reader;
    private final LeaseSites sites;
    private final LostResponses lost;
    private final HeldResponses held;
    private final UndrainedCloses undrained;
    private final StaleConnections stale;
    private final Exhaustion exhaustion;
    private final PoolChurn churn;

    /** Watchers of these pools. */
    public Watchers(Catalogue catalogue, SiteReader reader, Press press, Style style) {
        this.catalogue = catalogue;
        this.reader = reader;
        sites = new LeaseSites(reader);
        lost = new LostResponses(catalogue, sites, press, style);
        held = new HeldResponses(catalogue, sites, lost, press, style);
        undrained = new UndrainedCloses(catalogue, press, style);
        stale = new StaleConnections(catalogue, press, style);
        exhaustion = new Exhaustion(catalogue, sites, press, style);
        churn = new PoolChurn(catalogue, press, style);
        catalogue.ledger().listener(undrained);
        catalogue.listener(churn);
    }

    /** Begins a round: what is told next may be of pools that are new. */
    public void begin() {
        catalogue.takeIn();
    }

    /** Something happened in woven code. */
    public void event(Event event) {
        switch (event.kind) {
            case UNDRAINED:
                catalogue.ledger().undrained(event.route, reader.read(event.site.getStackTrace()), event.undrained);
                break;
            case WAIT_ENDED:
                exhaustion.waitEnded(event);
                break;
            case STALE:
                stale.stale(event);
                break;
            default:
                break;
        }
    }

    /** Looks, after the events have been told; {@code now} as {@link System#nanoTime()}. */
    public void tick(long now, Observer observer) {
        // Before the catalogue ends the leases of pools that are gone.
        lost.tick(now, observer);
        held.tick(now, observer);
        catalogue.tick(now);
        for (Route route : catalogue.routes()) {
            if (Limits.of(route).isNearlyUsedUp()) {
                route.alert();
            }
        }
        undrained.tick(now);
        stale.tick(now);
        exhaustion.tick(now);
        churn.tick(now);
    }

    /**
     * Who holds the leases now, by what each route belongs to; those of which that is null are left out. May be called from
     * any thread.
     */
    public <K> Map<K, Holders> holders(Function<Route, K> group) {
        return Holders.by(group, sites, System.nanoTime());
    }

    /** How many responses are suspected of being leaked now. */
    public int suspected() {
        return held.size();
    }

    /** How many pools were told of that served a request or two. */
    public long shortLivedPools() {
        return churn.count();
    }

    /** Lines to mend, the worst first, each once. */
    public List<String> toMend() {
        Set<String> places = new LinkedHashSet<>(lost.toMend());
        places.addAll(undrained.toMend());
        places.addAll(churn.toMend());
        return new ArrayList<>(places);
    }
}

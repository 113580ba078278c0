package io.poolscope.engine.pools;

import io.poolscope.model.CallSite;
import io.poolscope.model.Count;
import io.poolscope.model.Route;
import io.poolscope.model.Undrained;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What call sites did to routes, in numbers that only rise (but for the suspected ones), and whose sum over the call sites
 * of a route is what the route itself counted.
 *
 * <p>So many pairs of call site and route are told apart; what is past that is one row for each client. Leaks are booked
 * one by one; undrained closes, of which only a sample has its line, are divided by {@link Attribution}. Confined to the
 * engine's thread.
 */
public final class Ledger {

    /** Takes in what a call site closed undrained. */
    public interface UndrainedListener {
        /** So many more were closed there. */
        void undrained(Route route, Site site, Undrained outcome, long count);
    }

    /** What a row is about: a route, or a client (its pools that are not told apart), and a function. */
    private static final class Key {
        final Object where;
        final String function;

        Key(Object where, String function) {
            this.where = where;
            this.function = function;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key && ((Key) other).where.equals(where) && ((Key) other).function.equals(function);
        }

        @Override
        public int hashCode() {
            return Objects.hash(where, function);
        }
    }

    /** The numbers of a row. */
    static final class Row {
        long leaks;
        long suspected;
        long discarded;
        long drained;

        void add(Row other) {
            leaks += other.leaks;
            suspected += other.suspected;
            discarded += other.discarded;
            drained += other.drained;
        }
    }

    private final int bound;
    private final Catalogue catalogue;
    private UndrainedListener listener = (route, site, outcome, count) -> {};
    private final Map<Key, Row> rows = new LinkedHashMap<>();
    private final Map<Route, Attribution[]> attributions = new IdentityHashMap<>();
    private int overflow;

    /**
     * An empty ledger.
     *
     * @param bound so many pairs are told apart
     */
    Ledger(int bound, Catalogue catalogue) {
        this.bound = bound;
        this.catalogue = catalogue;
    }

    /** From now on this is told of undrained closes. */
    public void listener(UndrainedListener to) {
        listener = to;
    }

    /** A response was leaked. */
    public void leaked(Route route, Site site) {
        row(route, site.function).leaks++;
    }

    /** A response is suspected (1), or not any more (-1). */
    public void suspected(Route route, Site site, int change) {
        row(route, site.function).suspected += change;
    }

    /** One of the responses that were closed undrained was closed here. */
    public void undrained(Route route, Site site, Undrained outcome) {
        if (catalogue.has(route.pool())) {
            attributions(route)[outcome.ordinal()].sample(site);
        }
    }

    /** Books what the route has counted since; with {@code isLast}, all of it. */
    void settle(Route route, boolean isLast) {
        settle(route, Undrained.DISCARDED, route.count(Count.UNDRAINED_DISCARDED), isLast);
        settle(route, Undrained.DRAINED_ON_CLOSE, route.count(Count.UNDRAINED_DRAINED), isLast);
    }

    private void settle(Route route, Undrained outcome, long exact, boolean isLast) {
        if (exact == 0 && !attributions.containsKey(route)) {
            return;
        }
        boolean isLate = isLast || CallSite.oneIn() == CallSite.NONE;
        attributions(route)[outcome.ordinal()].settle(exact, isLate, (site, count) -> {
            Row row = row(route, site.function);
            if (outcome == Undrained.DISCARDED) {
                row.discarded += count;
            } else {
                row.drained += count;
            }
            listener.undrained(route, site, outcome, count);
        });
    }

    private Attribution[] attributions(Route route) {
        return attributions.computeIfAbsent(route, unused -> new Attribution[] {new Attribution(), new Attribution()});
    }

    private Row row(Route route, String function) {
        Object where =
                catalogue.isOneOfOthers(route.pool()) ? route.pool().client().name() : route;
        return row(where, route.pool().client().name(), function);
    }

    private Row row(Object where, String client, String function) {
        Key key = new Key(where, function);
        Row row = rows.get(key);
        if (row == null) {
            if (rows.size() >= bound) {
                overflow++;
                key = new Key(client, SiteSeries.OTHER);
            }
            row = rows.computeIfAbsent(key, unused -> new Row());
        }
        return row;
    }

    /** From now on the route's numbers are those of its client's other pools. */
    void joinOthers(Route route) {
        String client = route.pool().client().name();
        for (Map.Entry<Key, Row> entry : new ArrayList<>(rows.entrySet())) {
            if (entry.getKey().where == route) {
                rows.remove(entry.getKey());
                row(client, client, entry.getKey().function).add(entry.getValue());
            }
        }
    }

    /** The route is not counted any more; its rows stay if they are those of its client's other pools. */
    void forget(Route route) {
        attributions.remove(route);
        rows.keySet().removeIf(key -> key.where == route);
    }

    /** How often a pair was met that is past the bound. */
    int overflow() {
        return overflow;
    }

    /** Takes in a row. */
    interface RowVisitor {
        void row(Object where, String function, Row row);
    }

    void forEach(RowVisitor visitor) {
        rows.forEach((key, row) -> visitor.row(key.where, key.function, row));
    }
}

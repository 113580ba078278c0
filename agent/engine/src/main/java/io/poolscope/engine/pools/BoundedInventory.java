package io.poolscope.engine.pools;

import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An inventory of which so many routes are told apart in the whole process, however many each pool has: a route is 185 lines
 * of a scrape, and 50 pools of 30 routes would be 70 MB.
 *
 * <p>Who comes first is told; the rest is in the sum {@code _OTHER} of its client, and stays there as long as it is there,
 * even if a place becomes free: otherwise that sum would fall. What it had counted stays in the sum when it goes.
 * Thread-safe.
 */
public final class BoundedInventory implements Inventory {

    private final Inventory inventory;
    private final int max;
    private final Set<String> told = new HashSet<>();
    private final Map<String, Past> past = new HashMap<>();
    /** What had been counted past the bound and is gone, by client. */
    private final Map<String, Route> gathered = new HashMap<>();
    /** The host of the latest series past the bound: null where hosts are not to be told. */
    private String host;

    /** Of this inventory, so many routes. */
    public BoundedInventory(Inventory inventory, int max) {
        this.inventory = inventory;
        this.max = max;
    }

    /** A series past the bound, as it was when it was seen last. */
    private static final class Past {
        private final String client;
        private RouteSeries series;

        Past(String client) {
            this.client = client;
        }
    }

    @Override
    public synchronized List<PoolSeries> pools() {
        List<PoolSeries> pools = new ArrayList<>();
        Map<String, RouteSeries> others = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (PoolSeries pool : inventory.pools()) {
            List<RouteSeries> own = new ArrayList<>();
            for (RouteSeries series : pool.routes()) {
                if (pool.pool() == null) {
                    others.merge(pool.client(), series, BoundedInventory::sum);
                } else if (isTold(pool, series, seen)) {
                    own.add(series);
                }
            }
            if (pool.pool() != null) {
                pools.add(new PoolSeries(pool.name(), pool.client(), pool.pool(), own));
            }
        }
        told.retainAll(seen);
        gather(seen);
        for (Past row : past.values()) {
            others.merge(row.client, other(row.series.host(), row.series.parts()), BoundedInventory::sum);
        }
        gathered.forEach((client, route) -> others.merge(client, other(host, List.of(route)), BoundedInventory::sum));
        others.forEach((client, series) -> pools.add(new PoolSeries(Route.OTHER, client, null, List.of(series))));
        return pools;
    }

    private boolean isTold(PoolSeries pool, RouteSeries series, Set<String> seen) {
        String key =
                pool.name() + ' ' + pool.client() + ' ' + series.host() + ':' + series.port() + ' ' + series.proxy();
        seen.add(key);
        if (!past.containsKey(key) && (told.contains(key) || (told.size() < max && told.add(key)))) {
            return true;
        }
        host = series.host();
        past.computeIfAbsent(key, unused -> new Past(pool.client())).series = series;
        return false;
    }

    private void gather(Set<String> seen) {
        for (Iterator<Map.Entry<String, Past>> each = past.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, Past> entry = each.next();
            if (!seen.contains(entry.getKey())) {
                Past gone = entry.getValue();
                gathered.compute(gone.client, (unused, before) -> gathered(before, gone.series.parts()));
                each.remove();
            }
        }
    }

    /** In a new one each time: who reads what was returned before counts nothing twice. */
    private static Route gathered(Route before, List<Route> gone) {
        Route fresh = Pool.others(gone.get(0).pool().client());
        if (before != null) {
            fresh.absorb(before);
        }
        gone.forEach(fresh::absorb);
        return fresh;
    }

    private static RouteSeries other(String host, List<Route> parts) {
        return new RouteSeries(host == null ? null : Route.OTHER, -1, null, parts);
    }

    private static RouteSeries sum(RouteSeries one, RouteSeries more) {
        List<Route> parts = new ArrayList<>(one.parts());
        parts.addAll(more.parts());
        return other(one.host(), parts);
    }

    @Override
    public List<SiteSeries> sites() {
        return inventory.sites();
    }

    @Override
    public int poolCount() {
        return inventory.poolCount();
    }

    @Override
    public synchronized int overflow() {
        return inventory.overflow() + past.size();
    }

    @Override
    public String name(Pool pool) {
        return inventory.name(pool);
    }

    @Override
    public boolean tellsRoutes() {
        return inventory.tellsRoutes();
    }
}

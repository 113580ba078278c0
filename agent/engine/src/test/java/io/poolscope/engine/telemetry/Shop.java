package io.poolscope.engine.telemetry;

import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.pools.RouteSeries;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.model.Client;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Routes;
import io.poolscope.model.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Pools of the real model, without a library, and the inventory of them. */
public final class Shop implements Inventory {

    public static final String CLIENT = "apache-httpclient-4";

    private final List<PoolSeries> pools = new CopyOnWriteArrayList<>();
    private volatile boolean tellsRoutes = true;
    private final List<SiteSeries> sites = new CopyOnWriteArrayList<>();

    public static Client client(String name) {
        return Client.add(name, "httpclient", "4.5.14", Client.ON);
    }

    /** A pool of one route, under this name. */
    public Route pool(String name, Client client, String host, int port) {
        return pool(name, client, List.of(host + ":" + port)).get(0);
    }

    public List<Route> pool(String name, Client client, List<String> origins) {
        Routes routes = Routes.open(client, true);
        List<Route> all = new ArrayList<>();
        List<RouteSeries> series = new ArrayList<>();
        for (String origin : origins) {
            int colon = origin.lastIndexOf(':');
            String host = origin.substring(0, colon);
            int port = Integer.parseInt(origin.substring(colon + 1));
            Route route = routes.describe(origin, host, port, null);
            all.add(route);
            series.add(new RouteSeries(host, port, null, List.of(route)));
        }
        pools.add(new PoolSeries(name, client.name(), routes.pool(), series));
        return all;
    }

    public static Pool poolOf(Route route) {
        return route.pool();
    }

    /** A lease on a connection that was opened for it, held by nobody. */
    public static Lease lease(Route route) {
        return lease(route, opened(route));
    }

    public static Lease lease(Route route, Connection connection) {
        return Wait.begin(route).granted(connection);
    }

    public static Connection opened(Route route) {
        Connection connection = new Connection(route);
        connection.opening();
        connection.opened();
        return connection;
    }

    /** A request from end to end. */
    public static void request(Route route, Connection connection, String traceparent) {
        Lease lease = lease(route, connection);
        lease.requestSent(traceparent);
        lease.responseStarted();
        lease.bodyEnded();
        lease.end();
    }

    public void show(PoolSeries series) {
        pools.add(series);
    }

    public void hide(String pool) {
        pools.removeIf(series -> series.name().equals(pool));
    }

    public void site(SiteSeries site) {
        sites.add(site);
    }

    @Override
    public List<PoolSeries> pools() {
        return List.copyOf(pools);
    }

    @Override
    public List<SiteSeries> sites() {
        return List.copyOf(sites);
    }

    @Override
    public int poolCount() {
        return pools.size();
    }

    @Override
    public int overflow() {
        return 0;
    }

    @Override
    public String name(Pool pool) {
        return pools.stream()
                .filter(series -> series.pool() == pool)
                .map(PoolSeries::name)
                .findFirst()
                .orElse(Route.OTHER);
    }

    /** From now on hosts and ports are secrets. */
    public void keepRoutes() {
        tellsRoutes = false;
    }

    @Override
    public boolean tellsRoutes() {
        return tellsRoutes;
    }
}

package io.poolscope.model;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a library's pool carries: its {@link Pool}, and its routes by the library's own route objects.
 *
 * <p>It is the only place where we hold objects of a library, and it hangs on the library's own pool, so that it goes
 * with it. Thread-safe.
 */
public final class Routes {

    /** So many route objects are remembered; a pool that sees more has its routes looked up by text. */
    private static final int REMEMBERED = 1024;

    private final Pool pool;
    private final ConcurrentHashMap<Object, Route> byKey = new ConcurrentHashMap<>();
    private volatile boolean askedThroughManager;

    private Routes(Pool pool) {
        this.pool = pool;
    }

    /**
     * A pool is being built, by the calling thread: the application's frame on its stack names the pool.
     *
     * @param bounded see {@link Pool#isBounded()}
     */
    public static Routes open(Client client, boolean bounded) {
        Routes routes = new Routes(new Pool(client, bounded, CallSite.here()));
        routes.pool.built(routes);
        return routes;
    }

    /**
     * A pool is being built as {@link #open} says, and perhaps never used (OkHttp builds a spare one for every builder): the
     * engine learns of it when the first of its routes is asked for.
     */
    public static Routes prepare(Client client, boolean bounded) {
        return new Routes(new Pool(client, bounded, CallSite.here()));
    }

    /** The pool. */
    public Pool pool() {
        return pool;
    }

    /** Who asks waits in something before the pool, which is told when the wait is over: nobody waits in the pool itself. */
    public void askedThroughManager() {
        askedThroughManager = true;
    }

    /** Whether who asks waits in something before the pool. */
    public boolean isAskedThroughManager() {
        return askedThroughManager;
    }

    /** Whether this route object has been {@linkplain #describe described}. */
    public boolean knows(Object key) {
        return byKey.containsKey(key);
    }

    /** The route of this object; one that was not described goes by its text. */
    public Route of(Object key) {
        Route route = byKey.get(key);
        return route != null ? route : describe(key, String.valueOf(key), -1, null);
    }

    /**
     * Says what this route object stands for.
     *
     * @param proxy the proxy as {@code host:port}, null without one
     */
    public Route describe(Object key, String host, int port, String proxy) {
        Route route = pool.route(host, port, proxy);
        if (byKey.size() < REMEMBERED) {
            byKey.put(key, route);
        }
        return route;
    }

    /** As {@link #describe(Object, String, int, String)}, of an origin whose port may be left to its scheme (-1). */
    public Route describe(Object key, String scheme, String host, int port, String proxy) {
        return describe(key, host, port >= 0 ? port : "https".equalsIgnoreCase(scheme) ? 443 : 80, proxy);
    }

    /** The route to this origin through this proxy, which may be null or {@link Proxy#NO_PROXY}; for new connections. */
    public Route to(String host, int port, Proxy through) {
        pool.built(this);
        String proxy = null;
        if (through != null && through.address() instanceof InetSocketAddress) {
            InetSocketAddress address = (InetSocketAddress) through.address();
            proxy = address.getHostString() + ":" + address.getPort();
        }
        return describe(host, host, port, proxy);
    }

    /**
     * The route that leads to this origin, as far as that can be known before a proxy has been chosen: the one of its latest
     * connection, else the direct one. Allocates nothing where each host has one port.
     */
    public Route towards(String host, int port) {
        Route latest = byKey.get(host);
        return latest != null && latest.port() == port ? latest : to(host, port, null);
    }
}

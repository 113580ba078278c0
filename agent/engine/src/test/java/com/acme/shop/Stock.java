package com.acme.shop;

import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import io.poolscope.model.Routes;
import io.poolscope.model.Undrained;
import io.poolscope.model.Wait;
import org.apache.http.client.Execution;

/**
 * An application with a pool, as far as the model sees it: its methods do what woven code would do while the application
 * talks to its warehouse.
 */
public final class Stock {

    private Routes routes;
    private final Route route;

    private Stock(Routes routes, int limit) {
        this.routes = routes;
        this.route = routes.describe("warehouse", "stock.internal", 8080, null);
        if (limit > 0) {
            routes.pool().limit(limit);
            routes.pool().routeLimit(limit);
        }
    }

    /** A pool of so many connections; of any number if the client has no limit. */
    public static Stock open(Client client, int limit) {
        return new Stock(Routes.open(client, limit > 0), limit);
    }

    public Route route() {
        return route;
    }

    /** Another origin in the same pool. */
    public Route route(String host, int port) {
        return routes.describe(host + port, host, port, null);
    }

    /** Somebody waits for a connection. */
    public Wait queue() {
        return Wait.begin(route);
    }

    /** A lease whose request has been sent. */
    public Lease borrow() {
        return borrow(route);
    }

    public static Lease borrow(Route route) {
        Connection connection = new Connection(route);
        connection.opening();
        connection.opened();
        Lease lease = Wait.begin(route).granted(connection);
        lease.requestSent(null);
        return lease;
    }

    /** The response is handed out, and stays open: the leak. */
    public Lease level(Object response) {
        return Execution.execute(borrow(), response);
    }

    /** Closed before the end was seen. */
    public void flush(Undrained outcome, long draining) {
        Lease lease = borrow();
        lease.responseStarted();
        lease.closedUndrained(outcome, draining);
        giveBack(lease);
    }

    /** As it should be. */
    public void read() {
        Lease lease = borrow();
        lease.responseStarted();
        lease.bodyEnded();
        lease.end();
    }

    public static void giveBack(Lease lease) {
        lease.end();
        if (lease.reason() != null) {
            lease.connection().closed(CloseReason.FAILED);
        }
    }

    public void close() {
        routes.pool().closed();
    }

    /** The library's pool is not reachable any more. */
    public void drop() {
        routes = null;
    }
}

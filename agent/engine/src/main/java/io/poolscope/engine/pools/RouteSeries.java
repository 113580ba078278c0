package io.poolscope.engine.pools;

import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.List;

/** A route as it is exported: its attributes, and the routes whose sum its numbers are. Immutable. */
public final class RouteSeries {

    private final String host;
    private final int port;
    private final String proxy;
    private final List<Route> parts;

    /** The sum of some routes, under these attributes. */
    public RouteSeries(String host, int port, String proxy, List<Route> parts) {
        this.host = host;
        this.port = port;
        this.proxy = proxy;
        this.parts = List.copyOf(parts);
    }

    /** {@code server.address}; {@link Route#OTHER} for what is past the bounds, null where routes are not to be told. */
    public String host() {
        return host;
    }

    /** {@code server.port}, -1 if there is none to tell. */
    public int port() {
        return port;
    }

    /** {@code poolscope.proxy.address}, null without a proxy. */
    public String proxy() {
        return proxy;
    }

    /** The routes whose sum it is: one, but for what is past the bounds. */
    public List<Route> parts() {
        return parts;
    }

    /** Those of the {@link #parts} whose numbers can be relied on: of a client that is not on, none is told. */
    public List<Route> told() {
        List<Route> told = new ArrayList<>(parts.size());
        for (Route part : parts) {
            if (part.pool().client().isOn()) {
                told.add(part);
            }
        }
        return told;
    }
}

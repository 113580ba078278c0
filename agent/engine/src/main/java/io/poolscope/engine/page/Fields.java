package io.poolscope.engine.page;

import io.poolscope.engine.pools.Buckets;
import io.poolscope.engine.report.Json;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Names.Metric;

/** Names in the JSON: those of the telemetry contract, wherever it has one; and what is written in more than one place. */
final class Fields {

    /** Of the JSON. A higher one comes with other paths; new fields may come at any time. */
    static final int VERSION = 1;

    static final String CONNECTIONS = Metric.OPEN_CONNECTIONS.key();
    static final String LEASES = Metric.LEASE_ACTIVE.key();
    static final String PENDING = Metric.LEASE_PENDING.key();
    static final String LEAKED = Metric.CONNECTION_LEAKED.key();
    static final String GRANTED = Metric.LEASE_GRANTED.key();
    static final String WAIT_TIME = Metric.LEASE_WAIT_TIME.key();
    static final String RESPONSE_TIME = Metric.LEASE_RESPONSE_TIME.key();
    static final String CLOSES = Metric.CONNECTION_CLOSES.key();

    private Fields() {}

    /** Writes what tells a series from others, without what does not apply: a null host, a negative port, a null proxy. */
    static void series(Json json, String pool, String client, String host, int port, String proxy) {
        json.put(Names.POOL_NAME, pool).put(Names.CLIENT, client);
        route(json, host, port, proxy);
    }

    /** Writes where a route leads; the same. */
    static void route(Json json, String host, int port, String proxy) {
        json.put(Names.SERVER_ADDRESS, host);
        if (port >= 0) {
            json.put(Names.SERVER_PORT, port);
        }
        json.put(Names.PROXY_ADDRESS, proxy);
    }

    /** Writes a histogram as its count, its sum and three quantiles, all durations in seconds. */
    static void histogram(Json json, String name, Buckets buckets) {
        json.open(name).put("count", buckets.count()).put("sum", rounded(buckets.seconds()));
        quantile(json, "p50", buckets.quantile(0.5));
        quantile(json, "p95", buckets.quantile(0.95));
        quantile(json, "p99", buckets.quantile(0.99));
        json.close();
    }

    /** Writes a quantile, if there is one. */
    static void quantile(Json json, String name, double seconds) {
        if (!Double.isNaN(seconds)) {
            json.put(name, rounded(seconds));
        }
    }

    /** Seconds to the microsecond: what is beyond says nothing, and takes place. */
    static double rounded(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }

    /** Nanoseconds as seconds to the microsecond. */
    static double seconds(long nanos) {
        return rounded(nanos / 1e9);
    }
}

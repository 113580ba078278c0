package io.poolscope.engine.page;

import io.poolscope.engine.leaks.Holders;
import io.poolscope.engine.leaks.Limits;
import io.poolscope.engine.pools.Ages;
import io.poolscope.engine.pools.Buckets;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.pools.RouteSeries;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.engine.pools.Sums;
import io.poolscope.engine.report.Json;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Names.Metric;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What there is to tell of this moment: the same numbers as the metrics, from the same sums, and who holds the connections.
 * Thread-safe.
 */
final class Status {

    /** So many rows are told of who holds the leases of a route. */
    static final int ROWS = 20;

    /** Who holds the leases now, by what each route belongs to. */
    interface HoldersOf {
        /** Takes them; routes of which that is null are left out. */
        <K> Map<K, Holders> by(Function<Route, K> group);
    }

    private final Inventory inventory;
    private final HoldersOf holders;
    private final TimeLine timeLine;

    Status(Inventory inventory, HoldersOf holders, TimeLine timeLine) {
        this.inventory = inventory;
        this.holders = holders;
        this.timeLine = timeLine;
    }

    /** Writes all of it. */
    void write(Json json) {
        long now = System.nanoTime();
        Ages ages = new Ages();
        List<PoolSeries> pools = inventory.pools();
        Map<Route, RouteSeries> seriesOf = new IdentityHashMap<>();
        for (PoolSeries pool : pools) {
            for (RouteSeries series : pool.routes()) {
                series.told().forEach(part -> seriesOf.put(part, series));
            }
        }
        Map<RouteSeries, Holders> held = holders.by(seriesOf::get);
        json.put(Metric.POOL_COUNT.key(), inventory.poolCount());
        json.put(Metric.OVERFLOW.key(), inventory.overflow());
        json.openList("pools");
        for (PoolSeries pool : pools) {
            pool(json, pool);
            json.openList("routes");
            for (RouteSeries series : pool.routes()) {
                List<Route> parts = series.told();
                if (!parts.isEmpty()) {
                    json.open();
                    route(json, series, parts, ages);
                    recent(json, timeLine.recent(pool, series, now));
                    holders(json, held.get(series));
                    json.close();
                }
            }
            json.closeList().close();
        }
        json.closeList();
        sites(json);
        clients(json);
    }

    private static void pool(Json json, PoolSeries series) {
        json.open().put(Names.POOL_NAME, series.name()).put(Names.CLIENT, series.client());
        Pool pool = series.pool();
        if (pool != null && pool.client().isOn()) {
            limit(json, Metric.POOL_CONNECTION_LIMIT, pool.limit());
            limit(json, Metric.POOL_IDLE_LIMIT, pool.idleLimit());
            limit(json, Metric.DISPATCHER_REQUEST_LIMIT, pool.dispatcherLimit());
            if (pool.isClosed()) {
                json.put("ended", "closed");
            } else if (pool.isGone()) {
                json.put("ended", "collected");
            }
        }
    }

    private static void limit(Json json, Metric metric, int limit) {
        if (limit != Pool.NO_LIMIT) {
            json.put(metric.key(), limit);
        }
    }

    private static void route(Json json, RouteSeries series, List<Route> parts, Ages ages) {
        Fields.route(json, series.host(), series.port(), series.proxy());
        json.put(Names.PROTOCOL_VERSION, Sums.protocol(parts));
        json.open(Fields.CONNECTIONS)
                .put("active", Sums.count(parts, Count.ACTIVE))
                .put("idle", Sums.count(parts, Count.IDLE))
                .close();
        json.put(Fields.LEASES, Sums.count(parts, Count.LEASES));
        json.put(Fields.PENDING, Sums.count(parts, Count.PENDING));
        json.put(Fields.LEAKED, Sums.count(parts, Count.LEAKED));
        json.put(Metric.WAIT_OLDEST_AGE.key(), Fields.seconds(ages.ofWaits(parts)));
        json.put(Metric.LEASE_OLDEST_AGE.key(), Fields.seconds(ages.ofLeases(parts)));
        limit(json, Metric.ROUTE_CONNECTION_LIMIT, Sums.connectionLimit(parts));
        limit(json, Metric.ROUTE_REQUEST_LIMIT, Sums.requestLimit(parts));
        limit(json, Metric.STREAM_LIMIT, Sums.streamLimit(parts));
        saturation(json, Limits.of(parts), parts.size());
        json.open(Fields.GRANTED)
                .put("new", Sums.count(parts, Count.GRANTED_NEW))
                .put("reused", Sums.count(parts, Count.GRANTED_REUSED))
                .close();
        json.open(Metric.LEASE_ABANDONED.key())
                .put("cancelled", Sums.count(parts, Count.WAIT_CANCELLED))
                .put("failed", Sums.count(parts, Count.WAIT_FAILED))
                .close();
        json.open(Fields.CLOSES);
        for (CloseReason reason : CloseReason.values()) {
            json.put(reason.name().toLowerCase(Locale.ROOT), Sums.closes(parts, reason));
        }
        json.close();
        json.open(Fields.WAIT_TIME);
        Buckets granted = Sums.timing(parts, Timing.WAIT_SUCCESS);
        Buckets timedOut = Sums.timing(parts, Timing.WAIT_TIMEOUT);
        timing(json, "success", granted);
        // As the metrics have it: who divides by both finds both.
        timing(json, "timeout", timedOut.isEmpty() && !granted.isEmpty() ? granted.zero() : timedOut);
        json.close();
        timing(json, Metric.LEASE_USE_TIME.key(), Sums.timing(parts, Timing.USE));
        timing(json, Fields.RESPONSE_TIME, Sums.timing(parts, Timing.RESPONSE));
        timing(json, Metric.CONNECTION_CREATE_TIME.key(), Sums.timing(parts, Timing.CREATE));
    }

    private static void timing(Json json, String name, Buckets buckets) {
        if (!buckets.isEmpty()) {
            Fields.histogram(json, name, buckets);
        }
    }

    private static void saturation(Json json, Limits limits, int routes) {
        if (limits.limit() != Pool.NO_LIMIT) {
            json.open("saturation").put("used", limits.used()).put("limit", limits.limit());
            json.put("of", limits.isDispatcher() ? "dispatcher" : limits.isTotal() ? "pool" : "route");
            if (routes > 1) {
                json.put("routes", routes);
            }
            json.close();
        }
    }

    private static void recent(Json json, TimeLine.Recent recent) {
        if (recent == null) {
            return;
        }
        json.open("recent").put("seconds", Fields.rounded(recent.seconds()));
        json.open(Fields.GRANTED)
                .put("new", recent.opened())
                .put("reused", recent.reused())
                .close();
        json.open(Fields.CLOSES);
        for (CloseReason reason : CloseReason.values()) {
            if (recent.closes(reason) > 0) {
                json.put(reason.name().toLowerCase(Locale.ROOT), recent.closes(reason));
            }
        }
        json.close();
        json.open(Fields.WAIT_TIME).open("success");
        Fields.quantile(json, "p50", recent.waits(0.5));
        Fields.quantile(json, "p95", recent.waits(0.95));
        Fields.quantile(json, "p99", recent.waits(0.99));
        json.close();
        json.open("timeout").put("count", recent.timeouts()).close();
        json.close();
        json.open(Fields.RESPONSE_TIME);
        Fields.quantile(json, "p50", recent.responses(0.5));
        Fields.quantile(json, "p95", recent.responses(0.95));
        Fields.quantile(json, "p99", recent.responses(0.99));
        json.close();
        json.close();
    }

    private static void holders(Json json, Holders holders) {
        json.openList("holders");
        int told = 0;
        int left = 0;
        for (Holders.Row row : holders == null ? List.<Holders.Row>of() : holders.rows()) {
            if (told++ >= ROWS) {
                left += row.count();
                continue;
            }
            json.open();
            Site site = row.site;
            if (site.isKnown()) {
                json.put(Names.CODE_FUNCTION, site.function);
                if (site.number >= 0) {
                    json.put(Names.CODE_FILE, site.file).put(Names.CODE_LINE, site.number);
                }
                json.put("line", site.line);
            } else {
                json.put("unknown", row.isEarly ? "not handed out yet" : "not taken");
            }
            json.put("count", row.count());
            json.put("oldest", Fields.seconds(row.oldest()));
            json.put("state", row.doing.name().toLowerCase(Locale.ROOT));
            json.put("words", row.doing.words());
            json.close();
        }
        json.closeList();
        if (left > 0) {
            json.put("holders.more", left);
        }
    }

    private void sites(Json json) {
        json.openList("sites");
        for (SiteSeries site : inventory.sites()) {
            json.open();
            Fields.series(json, site.pool, site.client, site.host, site.port, site.proxy);
            json.put(Names.CODE_FUNCTION, site.function);
            json.put(Metric.RESPONSE_LEAKS.key(), site.leaks);
            json.put(Metric.RESPONSE_SUSPECTED_LEAKS.key(), site.suspected);
            json.open(Metric.RESPONSE_UNDRAINED.key())
                    .put("discarded", site.discarded)
                    .put("drained_on_close", site.drained)
                    .close();
            json.close();
        }
        json.closeList();
    }

    private static void clients(Json json) {
        json.openList("instrumentations");
        for (Client client : Client.all()) {
            if (client.label() != null) {
                json.open().put(Names.CLIENT, client.name()).put("library", client.label());
                json.put(Names.LIBRARY_VERSION, client.version()).put(Names.STATE, client.state());
                json.put(Metric.INSTRUMENTATION_FAILURES.key(), client.failures());
                if (client.lastFailure() != null) {
                    json.put("reason", client.lastFailure().toString());
                }
                json.close();
            }
        }
        json.closeList();
    }
}

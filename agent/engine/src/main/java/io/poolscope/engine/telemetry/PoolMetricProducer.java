package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.poolscope.engine.pools.Ages;
import io.poolscope.engine.pools.Buckets;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.pools.RouteSeries;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.engine.pools.Sums;
import io.poolscope.engine.telemetry.Names.Metric;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads the model when a metric reader collects: woven code calls no SDK, and a pool that is gone leaves no series behind.
 *
 * <p>All is cumulative. Of zeros, exported are:
 *
 * <ul>
 *   <li>gauges, up-down counters and ages, always: nobody waiting is a fact;
 *   <li>the counters whose other attributes are a small fixed set ({@code granted}, {@code abandoned}, {@code closes}), so
 *       that {@code rate()} and {@code increase()} see the first event, which a series that begins at 1 hides;
 *   <li>the wait histogram of timeouts wherever there is one of successes, because the objective divides by both.
 * </ul>
 *
 * The other histograms, and all that is told by call site, begin when they happen. Numbers of a client that is not on are
 * not exported at all: half a truth is worse than none. Thread-safe.
 */
final class PoolMetricProducer implements MetricProducer {

    private static final long MS = 1_000_000L;
    private static final long S = 1_000 * MS;

    /** Bounds of what a connection does, fewer than those of waits: a scrape at the caps has to stay below its budget. */
    private static final long[] DURATIONS = {
        MS, 5 * MS, 10 * MS, 25 * MS, 50 * MS, 100 * MS, 250 * MS, 500 * MS, S, 5 * S, 10 * S, 60 * S
    };
    /** Around the usual idle timeouts of servers and load balancers: 5, 20, 60, 75 seconds. */
    private static final long[] IDLE_AGES = {100 * MS, S, 2 * S, 5 * S, 10 * S, 20 * S, 30 * S, 60 * S, 120 * S, 300 * S
    };

    private static final long[] DRAINS = {MS, 5 * MS, 25 * MS, 100 * MS, 500 * MS, 5 * S / 2, 10 * S};

    private static final CloseReason[] REASONS = CloseReason.values();
    private static final String[] REASON_NAMES = new String[REASONS.length];

    static {
        for (CloseReason reason : REASONS) {
            REASON_NAMES[reason.ordinal()] = reason.name().toLowerCase(Locale.ROOT);
        }
    }

    private final Inventory inventory;
    private final Exemplars exemplars;
    private final long born = WallClock.since(System.nanoTime());

    PoolMetricProducer(Inventory inventory, Exemplars exemplars) {
        this.inventory = inventory;
        this.exemplars = exemplars;
    }

    @Override
    public Collection<MetricData> produce(Resource resource) {
        Harvest harvest = new Harvest(born);
        Ages ages = new Ages();
        for (PoolSeries pool : inventory.pools()) {
            pool(harvest, ages, pool);
        }
        sites(harvest);
        clients(harvest);
        harvest.add(Metric.POOL_COUNT, Attributes.empty(), inventory.poolCount());
        harvest.add(Metric.OVERFLOW, Attributes.empty(), inventory.overflow());
        return harvest.families(resource);
    }

    private void pool(Harvest harvest, Ages ages, PoolSeries series) {
        Attributes attributes = Attributes.of(Keys.POOL_NAME, series.name(), Keys.CLIENT, series.client());
        Pool pool = series.pool();
        harvest.beginning(pool == null ? born : WallClock.since(pool.born()));
        if (pool != null && pool.client().isOn()) {
            limit(harvest, Metric.POOL_CONNECTION_LIMIT, attributes, pool.limit());
            limit(harvest, Metric.POOL_IDLE_LIMIT, attributes, pool.idleLimit());
            limit(harvest, Metric.DISPATCHER_REQUEST_LIMIT, attributes, pool.dispatcherLimit());
        }
        Buckets drains = new Buckets();
        for (Map.Entry<Attributes, List<Route>> row : rows(series).entrySet()) {
            route(harvest, ages, row.getKey(), row.getValue());
            for (Route route : row.getValue()) {
                drains.add(route.timing(Timing.DRAIN));
            }
        }
        harvest.add(Metric.RESPONSE_DRAIN_TIME, attributes, drains, DRAINS);
        harvest.beginning(born);
    }

    private static void limit(Harvest harvest, Metric metric, Attributes attributes, int limit) {
        if (limit != Pool.NO_LIMIT) {
            harvest.add(metric, attributes, limit);
        }
    }

    /** The routes by what is told of them: a series that came twice would cost the whole metric at a scrape. */
    private static Map<Attributes, List<Route>> rows(PoolSeries pool) {
        Map<Attributes, List<Route>> rows = new LinkedHashMap<>();
        for (RouteSeries series : pool.routes()) {
            List<Route> told = series.told();
            if (!told.isEmpty()) {
                AttributesBuilder attributes =
                        Keys.route(pool.name(), pool.client(), series.host(), series.port(), series.proxy());
                String protocol = Sums.protocol(told);
                if (protocol != null) {
                    attributes.put(Keys.PROTOCOL_VERSION, protocol);
                }
                rows.computeIfAbsent(attributes.build(), unused -> new ArrayList<>())
                        .addAll(told);
            }
        }
        return rows;
    }

    private void route(Harvest harvest, Ages ages, Attributes row, List<Route> routes) {
        gauges(harvest, ages, row, routes);
        counters(harvest, row, routes);
        histograms(harvest, row, routes);
    }

    private static void gauges(Harvest harvest, Ages ages, Attributes row, List<Route> routes) {
        harvest.add(
                Metric.OPEN_CONNECTIONS, with(row, Keys.CONNECTION_STATE, "active"), Sums.count(routes, Count.ACTIVE));
        harvest.add(Metric.OPEN_CONNECTIONS, with(row, Keys.CONNECTION_STATE, "idle"), Sums.count(routes, Count.IDLE));
        harvest.add(Metric.LEASE_ACTIVE, row, Sums.count(routes, Count.LEASES));
        harvest.add(Metric.LEASE_PENDING, row, Sums.count(routes, Count.PENDING));
        harvest.add(Metric.CONNECTION_LEAKED, row, Sums.count(routes, Count.LEAKED));
        harvest.add(Metric.WAIT_OLDEST_AGE, row, Buckets.seconds(ages.ofWaits(routes)));
        harvest.add(Metric.LEASE_OLDEST_AGE, row, Buckets.seconds(ages.ofLeases(routes)));
        limit(harvest, Metric.ROUTE_CONNECTION_LIMIT, row, Sums.connectionLimit(routes));
        limit(harvest, Metric.ROUTE_REQUEST_LIMIT, row, Sums.requestLimit(routes));
        limit(harvest, Metric.STREAM_LIMIT, row, Sums.streamLimit(routes));
    }

    private static void counters(Harvest harvest, Attributes row, List<Route> routes) {
        harvest.add(
                Metric.LEASE_GRANTED,
                with(row, Keys.CONNECTION_REUSED, true),
                Sums.count(routes, Count.GRANTED_REUSED));
        harvest.add(
                Metric.LEASE_GRANTED, with(row, Keys.CONNECTION_REUSED, false), Sums.count(routes, Count.GRANTED_NEW));
        harvest.add(
                Metric.LEASE_ABANDONED,
                with(row, Keys.WAIT_OUTCOME, "cancelled"),
                Sums.count(routes, Count.WAIT_CANCELLED));
        harvest.add(
                Metric.LEASE_ABANDONED, with(row, Keys.WAIT_OUTCOME, "failed"), Sums.count(routes, Count.WAIT_FAILED));
        for (CloseReason reason : REASONS) {
            long closes = Sums.closes(routes, reason);
            harvest.add(Metric.CONNECTION_CLOSES, with(row, Keys.CLOSE_REASON, REASON_NAMES[reason.ordinal()]), closes);
        }
    }

    private void histograms(Harvest harvest, Attributes row, List<Route> routes) {
        Buckets granted = Sums.timing(routes, Timing.WAIT_SUCCESS);
        Buckets timedOut = Sums.timing(routes, Timing.WAIT_TIMEOUT);
        if (timedOut.isEmpty() && !granted.isEmpty()) {
            timedOut = granted.zero();
        }
        harvest.add(
                Metric.LEASE_WAIT_TIME,
                with(row, Keys.WAIT_OUTCOME, "success"),
                granted,
                granted.bounds(),
                exemplars.latest(routes));
        harvest.add(Metric.LEASE_WAIT_TIME, with(row, Keys.WAIT_OUTCOME, "timeout"), timedOut, timedOut.bounds());
        harvest.add(Metric.LEASE_USE_TIME, row, Sums.timing(routes, Timing.USE), DURATIONS);
        harvest.add(Metric.LEASE_RESPONSE_TIME, row, Sums.timing(routes, Timing.RESPONSE), DURATIONS);
        harvest.add(Metric.CONNECTION_CREATE_TIME, row, Sums.timing(routes, Timing.CREATE), DURATIONS);
        for (Map.Entry<String, Buckets> failed : Sums.failedCreates(routes).entrySet()) {
            harvest.add(
                    Metric.CONNECTION_CREATE_TIME,
                    with(row, Keys.ERROR_TYPE, failed.getKey()),
                    failed.getValue(),
                    DURATIONS);
        }
        Buckets lifetimes = Sums.timing(routes, Timing.LIFETIME);
        harvest.add(Metric.CONNECTION_DURATION, row, lifetimes, lifetimes.bounds());
        harvest.add(
                Metric.CONNECTION_IDLE_AGE,
                with(row, Keys.REUSE_OUTCOME, "ok"),
                Sums.timing(routes, Timing.IDLE_OK),
                IDLE_AGES);
        harvest.add(
                Metric.CONNECTION_IDLE_AGE,
                with(row, Keys.REUSE_OUTCOME, "stale"),
                Sums.timing(routes, Timing.IDLE_STALE),
                IDLE_AGES);
    }

    private void sites(Harvest harvest) {
        for (SiteSeries site : inventory.sites()) {
            if (isSilent(site)) {
                continue;
            }
            Attributes row = Keys.route(site.pool, site.client, site.host, site.port, site.proxy)
                    .put(Keys.CODE_FUNCTION, site.function)
                    .build();
            if (site.leaks > 0) {
                harvest.add(Metric.RESPONSE_LEAKS, row, site.leaks);
            }
            // Kept at zero where it has been, or can be expected to come back: at a site that is not only undrained.
            if (site.suspected > 0 || site.leaks > 0 || (site.discarded == 0 && site.drained == 0)) {
                harvest.add(Metric.RESPONSE_SUSPECTED_LEAKS, row, site.suspected);
            }
            if (site.discarded > 0) {
                harvest.add(Metric.RESPONSE_UNDRAINED, with(row, Keys.UNDRAINED_OUTCOME, "discarded"), site.discarded);
            }
            if (site.drained > 0) {
                harvest.add(
                        Metric.RESPONSE_UNDRAINED, with(row, Keys.UNDRAINED_OUTCOME, "drained_on_close"), site.drained);
            }
        }
    }

    /** Whether no version of the client is on, or of the copy of it that this is a pool of. */
    private static boolean isSilent(SiteSeries site) {
        String copy = copy(site);
        boolean isKnown = false;
        for (Client client : Client.all()) {
            if (client.label() != null
                    && client.name().equals(site.client)
                    && (site.pool.equals(Names.OTHER) || Objects.equals(client.copy(), copy))) {
                if (client.isOn()) {
                    return false;
                }
                isKnown = true;
            }
        }
        return isKnown;
    }

    private static String copy(SiteSeries site) {
        for (Client client : Client.all()) {
            if (client.copy() != null && site.pool.startsWith(client.copy() + '@')) {
                return client.copy();
            }
        }
        return null;
    }

    /** One series for each library, version and state, however many loaders have it. */
    private static void clients(Harvest harvest) {
        Set<Attributes> states = new HashSet<>();
        Map<String, Long> failures = new HashMap<>();
        for (Client client : Client.all()) {
            if (client.label() != null) {
                // Not of a jar that it builds upon: that one may be on where the client itself does not fit.
                states.add(Attributes.of(
                        Keys.CLIENT,
                        client.name(),
                        Keys.LIBRARY_NAME,
                        client.called(),
                        Keys.LIBRARY_VERSION,
                        client.version(),
                        Keys.STATE,
                        client.state()));
            }
            failures.merge(client.name(), (long) client.failures(), Long::sum);
        }
        states.forEach(state -> harvest.add(Metric.INSTRUMENTATION_STATE, state, 1));
        failures.forEach((client, count) ->
                harvest.add(Metric.INSTRUMENTATION_FAILURES, Attributes.of(Keys.CLIENT, client), count));
    }

    private static Attributes with(Attributes row, AttributeKey<String> key, String value) {
        return row.toBuilder().put(key, value).build();
    }

    private static Attributes with(Attributes row, AttributeKey<Boolean> key, boolean value) {
        return row.toBuilder().put(key, value).build();
    }
}

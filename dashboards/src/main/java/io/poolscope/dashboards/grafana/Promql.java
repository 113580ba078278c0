package io.poolscope.dashboards.grafana;

import java.util.ArrayList;
import java.util.List;

/**
 * What queries have in common. {@code <route>}, {@code <pool>} and {@code <process>} in an expression stand for the dashboard's
 * variables: what is told of a pool as a whole has no route, and a filter on routes would lose it.
 *
 * <p>Nothing is divided by nothing: what stands under a fraction is followed by {@code > 0}, and where there was no request
 * there is no point.
 */
final class Promql {
    /** What a series is drawn for: the instances of a job together. */
    static final String BY_ROUTE = "job, poolscope_pool_name, server_address, server_port";

    static final String BY_POOL = "job, poolscope_pool_name";
    static final String ROUTE = "{{poolscope_pool_name}} {{server_address}}:{{server_port}}";
    static final String POOL = "{{poolscope_pool_name}}";

    /** Of a pool's labels, those that only its routes have. */
    private static final String OF_ROUTE =
            "server_address, server_port, poolscope_proxy_address, network_protocol_version";

    /** Requests that asked and were not cancelled: those that the objectives count. */
    static final String ASKED = counted("%s(poolscope_lease_wait_time_seconds_count{<route>}[%s])");
    /** Of these, the ones that got no connection. */
    static final String NOT_GRANTED =
            counted("%s(poolscope_lease_wait_time_seconds_count{<route>, poolscope_wait_outcome=\"timeout\"}[%s])");

    private Promql() {}

    /** Fills in the variables. */
    static String complete(String expression) {
        String process = "job=~\"$job\", instance=~\"$instance\"";
        String pool = process + ", poolscope_pool_name=~\"$pool\"";
        return expression
                .strip()
                .replace("<route>", pool + ", server_address=~\"$route\"")
                .replace("<pool>", pool)
                .replace("<process>", process);
    }

    private static String counted(String waits) {
        return waits + " or %s(poolscope_lease_abandoned_total{<route>, poolscope_wait_outcome=\"failed\"}[%s])";
    }

    /** One of the counts above, over so long. */
    static String over(String counted, String function, String window) {
        return String.format(counted, function, window, function, window);
    }

    /** Quantiles of a histogram over what the other labels say. */
    static String quantile(double q, String by, String histogram, String matchers) {
        return String.format(
                "histogram_quantile(%s, sum by (le, %s) (rate(%s_bucket{%s}[$__rate_interval])))",
                q, by, histogram, matchers);
    }

    /** Averages of a histogram. */
    static String average(String by, String histogram) {
        return String.format(
                "sum by (%1$s) (rate(%2$s_sum{<route>}[$__rate_interval]))"
                        + " / (sum by (%1$s) (rate(%2$s_count{<route>}[$__rate_interval])) > 0)",
                by, histogram);
    }

    /**
     * What a counter has counted in the time that is shown. Those whose series begin with their first event have counted
     * that one too, which {@code increase()} does not see.
     */
    static String counted(String by, String counter) {
        return String.format(
                "%1$s ((%2$s unless %2$s offset $__range) or increase(%2$s[$__range])) > 0",
                aggregated("sum", by), counter);
    }

    /** Of each route, the limit that it has used up the most of. */
    static String worstLimit(String by) {
        List<String> limits = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            limits.add("label_replace(" + limit.ofEachRouteThatItBinds() + ", \"limit\", \"" + limit.label()
                    + "\", \"\", \"\")");
        }
        return aggregated("max", by) + " (\n  " + String.join("\n  or ", limits) + "\n)";
    }

    /** An operator, by these labels; by none, of everything. */
    private static String aggregated(String operator, String by) {
        return by.isEmpty() ? operator : operator + " by (" + by + ")";
    }

    /** A limit, and what it limits. */
    enum Limit {
        ROUTE_CONNECTIONS("route", "poolscope_route_connection_limit", Of.CONNECTIONS, true),
        POOL_CONNECTIONS("pool", "poolscope_pool_connection_limit", Of.CONNECTIONS, false),
        ROUTE_REQUESTS("dispatcher, host", "poolscope_route_request_limit", Of.ASYNCHRONOUS_CALLS, true),
        POOL_REQUESTS("dispatcher", "poolscope_dispatcher_request_limit", Of.ASYNCHRONOUS_CALLS, false),
        STREAMS("streams", "poolscope_stream_limit", Of.STREAMS, true);

        /** What there may be so many of. */
        private enum Of {
            CONNECTIONS,
            ASYNCHRONOUS_CALLS,
            STREAMS
        }

        private final String label;
        private final String metric;
        private final Of of;
        private final boolean isOfRoute;

        Limit(String label, String metric, Of of, boolean isOfRoute) {
            this.label = label;
            this.metric = metric;
            this.of = of;
            this.isOfRoute = isOfRoute;
        }

        /** What it is called in legends. */
        String label() {
            return label;
        }

        boolean isOfRoute() {
            return isOfRoute;
        }

        /** The limit itself, all instances together. */
        String value() {
            return isOfRoute
                    ? "sum by (" + BY_ROUTE + ") (" + metric + "{<route>})"
                    : "sum by (" + BY_POOL + ") (" + metric + "{<pool>})";
        }

        /** How much of it is in use, where it is used the most: no instance can borrow from another. */
        String use() {
            return isOfRoute
                    ? "max by (" + BY_ROUTE + ") (" + ofEachRoute() + ")"
                    : "max by (" + BY_POOL + ") (" + ofPool() + ")";
        }

        private String used(String matchers, String without) {
            return of == Of.CONNECTIONS
                    ? "sum without (http_connection_state" + (without.isEmpty() ? "" : ", " + without)
                            + ") (http_client_open_connections{http_connection_state=\"active\", " + matchers + "})"
                    : without.isEmpty()
                            ? "poolscope_lease_active{" + matchers + "}"
                            : "sum without (" + without + ") (poolscope_lease_active{" + matchers + "})";
        }

        private String ofPool() {
            return used("<pool>", OF_ROUTE) + " / (" + metric + "{<pool>} > 0)";
        }

        private String ofEachRoute() {
            return isOfRoute
                    ? used("<route>", "") + " / (" + metric + "{<route>} > 0)"
                    : "(poolscope_lease_active{<route>} * 0 + ignoring (" + OF_ROUTE + ") group_left () (" + ofPool()
                            + "))";
        }

        /**
         * Of what OkHttp's dispatcher runs at once only asynchronous calls count, while leases are of all calls: there somebody
         * has to wait as well, as the alerts have it.
         */
        private String ofEachRouteThatItBinds() {
            if (of != Of.ASYNCHRONOUS_CALLS) {
                return ofEachRoute();
            }
            return isOfRoute
                    ? ofEachRoute() + " and poolscope_lease_pending{<route>} > 0"
                    : ofEachRoute() + " and ignoring (" + OF_ROUTE + ") sum without (" + OF_ROUTE
                            + ") (poolscope_lease_pending{<pool>}) > 0";
        }
    }
}

package io.poolscope.dashboards.grafana;

import static io.poolscope.dashboards.grafana.Promql.ASKED;
import static io.poolscope.dashboards.grafana.Promql.BY_POOL;
import static io.poolscope.dashboards.grafana.Promql.BY_ROUTE;
import static io.poolscope.dashboards.grafana.Promql.NOT_GRANTED;
import static io.poolscope.dashboards.grafana.Promql.POOL;
import static io.poolscope.dashboards.grafana.Promql.ROUTE;
import static io.poolscope.dashboards.grafana.Promql.average;
import static io.poolscope.dashboards.grafana.Promql.counted;
import static io.poolscope.dashboards.grafana.Promql.over;
import static io.poolscope.dashboards.grafana.Promql.quantile;
import static io.poolscope.dashboards.grafana.Promql.worstLimit;

import io.poolscope.dashboards.grafana.Promql.Limit;
import java.util.Map;

/** Everything about some pools: for who has found out which. */
final class PoolsDashboard {
    static final String UID = "poolscope-pools";

    private static final String WAITS = "poolscope_lease_wait_time_seconds";
    private static final String RESPONSES = "poolscope_lease_response_time_seconds";
    private static final String USES = "poolscope_lease_use_time_seconds";
    private static final String SITE = "{{code_function_name}} ({{poolscope_pool_name}})";

    private PoolsDashboard() {}

    static Map<String, Object> json() {
        Dashboard dashboard = new Dashboard(
                        UID,
                        "Poolscope: pools",
                        "HTTP client connection pools of Java programs, as Poolscope's agent sees them: saturation, leaks by line"
                                + " of code, slow upstreams and slow readers, reuse, stale connections.")
                .link("Overview", "/d/" + OverviewDashboard.UID, "All pools, a line for each")
                .variable("job", "Service (job)", "label_values(poolscope_pool_count, job)")
                .variable("instance", "Instance", "label_values(poolscope_pool_count{job=~\"$job\"}, instance)")
                .variable(
                        "pool",
                        "Pool",
                        "label_values(poolscope_lease_active{job=~\"$job\", instance=~\"$instance\"}, poolscope_pool_name)")
                .variable(
                        "route",
                        "Route",
                        "label_values(poolscope_lease_active{job=~\"$job\", instance=~\"$instance\","
                                + " poolscope_pool_name=~\"$pool\"}, server_address)");
        health(dashboard);
        saturation(dashboard);
        leaks(dashboard);
        upstream(dashboard);
        churn(dashboard);
        stale(dashboard);
        watched(dashboard);
        return dashboard.json();
    }

    private static void health(Dashboard dashboard) {
        String asked = over(ASKED, "increase", "$__range");
        dashboard.row(
                "Health at a glance",
                Panel.number("Got a connection", "percentunit")
                        .decimals(2)
                        .max(1)
                        .coloursOfGood(0.99, "orange", 0.995, "green")
                        .ifNothing("nobody asked")
                        .says("Of the requests that asked for a connection in the time shown, those that got one. The"
                                + " objective is 99.5 %. Pools in which nobody ever waits (OkHttp's synchronous calls) do"
                                + " not count.")
                        .ask(
                                "1 - sum(" + over(NOT_GRANTED, "increase", "$__range") + ") / (sum(" + asked + ") > 0)",
                                ""),
                Panel.number("... within 50 ms", "percentunit")
                        .decimals(2)
                        .max(1)
                        .coloursOfGood(0.9, "orange", 0.95, "green")
                        .ifNothing("nobody asked")
                        .says("Of the same requests, those that had it within 50 ms. The objective is 95 %.")
                        .ask(
                                "sum(increase(" + WAITS
                                        + "_bucket{<route>, poolscope_wait_outcome=\"success\", le=\"0.05\"}[$__range])) / (sum("
                                        + asked + ") > 0)",
                                ""),
                Panel.number("Most of a limit in use", "percentunit")
                        .decimals(0)
                        .colours(0.8, "orange", 1, "red")
                        .ifNothing("none")
                        .says(
                                "Of the pool that has used up the most of one of its limits: now, on one instance. Those of"
                                        + " OkHttp's dispatcher count while somebody waits: synchronous calls are not under them.")
                        .ask(worstLimit(""), ""),
                Panel.number("Waiting now", "short")
                        .colours(1, "orange")
                        .says("Requests that wait for a connection.")
                        .ask("sum(poolscope_lease_pending{<route>})", ""),
                Panel.number("Leaked", "short")
                        .decimals(0)
                        .colours(1, "red")
                        .ifNothing("0")
                        .says("Responses that were collected without having been closed, in the time shown: certain.")
                        .ask(counted("", "poolscope_response_leaks_total{<route>}"), ""),
                Panel.number("Suspected now", "short")
                        .colours(1, "orange")
                        .ifNothing("0")
                        .says("Responses that are held and not read.")
                        .ask("sum(poolscope_response_suspected_leaks{<route>})", ""),
                Panel.number("Reuse", "percentunit")
                        .decimals(1)
                        .max(1)
                        .coloursOfGood(0.5, "orange", 0.8, "green")
                        .ifNothing("no requests")
                        .says(
                                "Of the requests in the time shown, those that went over a connection that had served before.")
                        .ask(
                                "sum(increase(poolscope_lease_granted_total{<route>, poolscope_connection_reused=\"true\"}[$__range]))"
                                        + " / (sum(increase(poolscope_lease_granted_total{<route>}[$__range])) > 0)",
                                ""),
                Panel.number("Stale", "short")
                        .decimals(0)
                        .colours(1, "red")
                        .ifNothing("0")
                        .says("Requests in the time shown that met a connection which the server had closed.")
                        .ask(
                                counted(
                                        "",
                                        "poolscope_connection_idle_age_seconds_count{<route>, poolscope_reuse_outcome=\"stale\"}"),
                                ""));
    }

    private static void saturation(Dashboard dashboard) {
        Panel against = Panel.lines("In use, against the limits", "short")
                .says(
                        "Connections in use (streams, on HTTP/2) and each limit that there is, all instances together. Dashed"
                                + " are the limits; the nearest one binds.")
                .ask("sum by (" + BY_ROUTE + ") (poolscope_lease_active{<route>})", ROUTE);
        Panel use = Panel.lines("Limit in use", "percentunit")
                .thresholdLine(0.8)
                .says(
                        "How much of each limit is in use, on the instance that uses the most of it. Above 80 % the next peak"
                                + " waits; at 100 % everybody does. Of the dispatcher (OkHttp) synchronous calls count here"
                                + " as well, which it lets pass: see whether anybody waits.");
        for (Limit limit : Limit.values()) {
            String who = limit.isOfRoute() ? ROUTE : POOL;
            against.ask(limit.value(), who + " limit (" + limit.label() + ")")
                    .dashed(String.valueOf((char) ('B' + limit.ordinal())));
            use.ask(limit.use(), who + " (" + limit.label() + ")");
        }
        String leaked = "poolscope_connection_leaked";
        dashboard.row(
                "Saturation: is the pool full, and who waits",
                against,
                use,
                Panel.lines("Waiting", "short")
                        .says("Requests that wait for a connection now.")
                        .ask("sum by (" + BY_ROUTE + ") (poolscope_lease_pending{<route>})", ROUTE),
                Panel.lines("Oldest wait", "s")
                        .says(
                                "How long the request has waited that has waited the longest. It rises even when nothing ends"
                                        + " any more, and then it is the only number that does.")
                        .ask("max by (" + BY_ROUTE + ") (poolscope_wait_oldest_age_seconds{<route>})", ROUTE),
                Panel.lines("Wait for a connection: p50, p95, p99", "s")
                        .logarithmic()
                        .says(
                                "From asking to being granted a connection, or to the time-out; without connecting. Points are"
                                        + " requests whose trace can be opened.")
                        .ask(Query.range(quantile(0.5, BY_ROUTE, WAITS, "<route>"), ROUTE + " p50")
                                .withExemplars())
                        .ask(quantile(0.95, BY_ROUTE, WAITS, "<route>"), ROUTE + " p95")
                        .ask(quantile(0.99, BY_ROUTE, WAITS, "<route>"), ROUTE + " p99"),
                Panel.heatmap("Waits")
                        .says("How many requests waited for how long.")
                        .ask(Query.buckets("sum by (le) (increase(" + WAITS + "_bucket{<route>}[$__rate_interval]))")
                                .withExemplars()),
                Panel.lines("How waits end", "reqps")
                        .stacked()
                        .colour("success", "green")
                        .colour("timeout", "red")
                        .colour("failed", "dark-red")
                        .colour("cancelled", "blue")
                        .says("Requests in a second that asked for a connection, by what came of it.")
                        .ask(
                                "sum by (poolscope_wait_outcome) (rate(" + WAITS
                                        + "_count{<route>}[$__rate_interval]) or rate(poolscope_lease_abandoned_total{<route>}[$__rate_interval]))",
                                "{{poolscope_wait_outcome}}"),
                Panel.lines("Time to a full pool", "s")
                        .logarithmic()
                        .ifNothing("nothing leaks now")
                        .says(
                                "At the rate of the last ten minutes, when leaks will hold every connection of the limit. No"
                                        + " line: nothing leaked in these, or nothing is left that could. See Connections that"
                                        + " leaks hold.")
                        .ask(
                                "min by (" + BY_ROUTE + ") ((poolscope_route_connection_limit{<route>} - " + leaked
                                        + "{<route>}) / (deriv(" + leaked + "{<route>}[10m]) > 0))",
                                ROUTE + " (route)")
                        .ask(
                                "min by (" + BY_POOL
                                        + ") ((poolscope_pool_connection_limit{<pool>} - sum without (server_address,"
                                        + " server_port, poolscope_proxy_address, network_protocol_version) (" + leaked
                                        + "{<pool>})) / (sum without (server_address, server_port, poolscope_proxy_address,"
                                        + " network_protocol_version) (deriv(" + leaked + "{<pool>}[10m])) > 0))",
                                POOL + " (pool)"));
    }

    private static void leaks(Dashboard dashboard) {
        String bySite = "code_function_name, poolscope_pool_name, server_address";
        dashboard.row(
                "Leaks and undrained responses: which method",
                Panel.table("Who loses responses")
                        .size(12, 8)
                        .says(
                                "Responses that were never closed, by the method that they were handed to, in the time shown."
                                        + " The line, the stack and the mend stand in the log (LEAK).")
                        .ask(Query.now(counted(bySite, "poolscope_response_leaks_total{<route>}")))
                        .columns(
                                "code_function_name",
                                "Method",
                                "poolscope_pool_name",
                                "Pool",
                                "server_address",
                                "Route",
                                "Value",
                                "Leaked")
                        .column("Leaked", "decimals", 0)
                        .sortedBy("Leaked"),
                Panel.table("Who closes without reading to the end")
                        .size(12, 8)
                        .says(
                                "Responses closed before the end of their body was seen, in the time shown. Discarded: the"
                                        + " connection was thrown away. Drained on close: closing read the rest. The line stands in"
                                        + " the log (UNDRAINED).")
                        .ask(Query.now(counted(
                                bySite + ", poolscope_undrained_outcome",
                                "poolscope_response_undrained_total{<route>}")))
                        .columns(
                                "code_function_name",
                                "Method",
                                "poolscope_pool_name",
                                "Pool",
                                "server_address",
                                "Route",
                                "poolscope_undrained_outcome",
                                "Outcome",
                                "Value",
                                "Undrained")
                        .column("Undrained", "decimals", 0)
                        .sortedBy("Undrained"),
                Panel.lines("Leaks a minute", "short")
                        .ifNothing("nothing leaks")
                        .says("Certain leaks by method.")
                        .ask(
                                "sum by (" + bySite
                                        + ") (rate(poolscope_response_leaks_total{<route>}[$__rate_interval])) * 60",
                                SITE),
                Panel.lines("Connections that leaks hold", "short")
                        .says(
                                "Slots of the pool that are gone until it is closed. OkHttp takes its connections back: there"
                                        + " it stays at 0.")
                        .ask("sum by (" + BY_ROUTE + ") (poolscope_connection_leaked{<route>})", ROUTE),
                Panel.lines("Held without being read", "short")
                        .ifNothing("nothing held")
                        .says("Suspected leaks by method. It falls when a response comes back.")
                        .ask("sum by (" + bySite + ") (poolscope_response_suspected_leaks{<route>})", SITE),
                Panel.lines("Drained to the end", "percentunit")
                        .max(1)
                        .says(
                                "Of the requests in this moment, those whose response was not closed before its end was seen."
                                        + " Low: bodies are not drained, and their connections cannot be used again.")
                        .ask(
                                "clamp_min(1 - (sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_response_undrained_total{<route>}[$__rate_interval])) or sum by ("
                                        + BY_ROUTE + ") (poolscope_lease_active{<route>}) * 0) / (sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_lease_granted_total{<route>}[$__rate_interval])) > 0), 0)",
                                ROUTE),
                Panel.lines("Undrained in a second", "reqps")
                        .ifNothing("everything is read")
                        .says("By method, and by what became of the connection.")
                        .ask(
                                "sum by (" + bySite
                                        + ", poolscope_undrained_outcome) (rate(poolscope_response_undrained_total{<route>}[$__rate_interval]))",
                                "{{code_function_name}} ({{poolscope_undrained_outcome}})"),
                Panel.lines("Time spent draining on close, p95", "s")
                        .ifNothing("nothing drains on close")
                        .says("How long a close() takes that reads the rest of the body first.")
                        .ask(quantile(0.95, BY_POOL, "poolscope_response_drain_time_seconds", "<pool>"), POOL));
    }

    private static void upstream(Dashboard dashboard) {
        dashboard.row(
                "Slow upstream or slow reader",
                Panel.lines("Response time: p50, p95", "s")
                        .logarithmic()
                        .says(
                                "From having the connection to the head of the response: that is the server, and the way to it"
                                        + " and back. If this is long, a larger pool makes more requests wait there instead of here.")
                        .ask(quantile(0.5, BY_ROUTE, RESPONSES, "<route>"), ROUTE + " p50")
                        .ask(quantile(0.95, BY_ROUTE, RESPONSES, "<route>"), ROUTE + " p95"),
                Panel.lines("Use time: p50, p95", "s")
                        .logarithmic()
                        .says(
                                "From having the connection to giving it back: response time, and reading, and whatever the"
                                        + " application does before it closes the response.")
                        .ask(quantile(0.5, BY_ROUTE, USES, "<route>"), ROUTE + " p50")
                        .ask(quantile(0.95, BY_ROUTE, USES, "<route>"), ROUTE + " p95"),
                Panel.lines("After the head: reading, and holding", "s")
                        .logarithmic()
                        .says("Average use time less average response time. Long: a slow reader, or large bodies.")
                        .ask(
                                "clamp_min(" + average(BY_ROUTE, USES) + "\n- " + average(BY_ROUTE, RESPONSES) + ", 0)",
                                ROUTE),
                Panel.lines("Oldest lease", "s")
                        .says(
                                "For how long the connection has been in use that has been the longest. A line at 45 degrees is"
                                        + " a connection that nobody gives back.")
                        .ask("max by (" + BY_ROUTE + ") (poolscope_lease_oldest_age_seconds{<route>})", ROUTE),
                Panel.lines("Connections needed, on average", "short")
                        .says(
                                "Requests in a second times use time: so many connections are busy on average (Little's law)."
                                        + " For short waits a pool wants half as many again. Leaked ones do not count, as they never"
                                        + " end.")
                        .ask("sum by (" + BY_ROUTE + ") (rate(" + USES + "_sum{<route>}[$__rate_interval]))", ROUTE),
                Panel.lines("Requests in a second", "reqps")
                        .says("Leases that were granted and used.")
                        .ask(
                                "sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_lease_granted_total{<route>}[$__rate_interval]))",
                                ROUTE));
    }

    private static void churn(Dashboard dashboard) {
        dashboard.row(
                "Churn and reuse",
                Panel.lines("Open connections", "short")
                        .stacked()
                        .colour("active", "orange")
                        .colour("idle", "green")
                        .says(
                                "In use, and idle in the pool; dashed how many idle ones the pool keeps, where it has such a"
                                        + " limit (OkHttp).")
                        .ask(
                                "sum by (http_connection_state) (http_client_open_connections{<route>})",
                                "{{http_connection_state}}")
                        .ask("sum(poolscope_pool_idle_limit{<pool>})", "idle limit")
                        .dashed("B"),
                Panel.lines("Reuse by route", "percentunit")
                        .max(1)
                        .says("Of the requests, those that went over a connection that had served before.")
                        .ask(
                                "sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_lease_granted_total{<route>, poolscope_connection_reused=\"true\"}[$__rate_interval]))"
                                        + " / (sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_lease_granted_total{<route>}[$__rate_interval])) > 0)",
                                ROUTE),
                Panel.lines("New connections in a second", "cps")
                        .says("Leases that had to open a connection.")
                        .ask(
                                "sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_lease_granted_total{<route>, poolscope_connection_reused=\"false\"}[$__rate_interval]))",
                                ROUTE),
                Panel.lines("Closes by reason", "cps")
                        .stacked()
                        .says(
                                "Connections closed in a second, and why. The runbook of PoolscopeChurn has the mend for each.")
                        .ask(
                                "sum by (poolscope_close_reason) (rate(poolscope_connection_closes_total{<route>}[$__rate_interval]))",
                                "{{poolscope_close_reason}}"),
                Panel.lines("Opening a connection: p50, p95", "s")
                        .logarithmic()
                        .says("Connecting and TLS: what every request pays that does not reuse a connection.")
                        .ask(
                                quantile(
                                        0.5,
                                        BY_ROUTE,
                                        "poolscope_connection_create_time_seconds",
                                        "<route>, error_type=\"\""),
                                ROUTE + " p50")
                        .ask(
                                quantile(
                                        0.95,
                                        BY_ROUTE,
                                        "poolscope_connection_create_time_seconds",
                                        "<route>, error_type=\"\""),
                                ROUTE + " p95"),
                Panel.lines("Connections that could not be opened", "cps")
                        .ifNothing("all could be opened")
                        .says("By the type of the error.")
                        .ask(
                                "sum by (" + BY_ROUTE
                                        + ", error_type) (rate(poolscope_connection_create_time_seconds_count{<route>, error_type!=\"\"}[$__rate_interval]))",
                                ROUTE + " {{error_type}}"),
                Panel.lines("Lifetime of connections, p50", "s")
                        .logarithmic()
                        .says("How old connections were when they were closed.")
                        .ask(quantile(0.5, BY_ROUTE, "http_client_connection_duration_seconds", "<route>"), ROUTE),
                Panel.lines("Sockets in TIME_WAIT (estimate)", "short")
                        .says(
                                "A side that closes first keeps the port for a minute. Connections that this side closed in good"
                                        + " order (expired, idle, too many idle ones, pool closed) in a second, times 60.")
                        .ask(
                                "sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_connection_closes_total{<route>, poolscope_close_reason=~\"expired|idle_evicted|overflow|pool_closed\"}[$__rate_interval])) * 60",
                                ROUTE));
    }

    private static void stale(Dashboard dashboard) {
        String ages = "poolscope_connection_idle_age_seconds";
        dashboard.row(
                "Stale connections: how long until a dead one is noticed",
                Panel.heatmap("Idle age at reuse, alive")
                        .says("How long connections had been idle when they were used again and worked.")
                        .ask(Query.buckets("sum by (le) (increase(" + ages
                                + "_bucket{<route>, poolscope_reuse_outcome=\"ok\"}[$__rate_interval]))")),
                Panel.heatmap("Idle age at reuse, dead")
                        .says(
                                "The same of those that failed before a byte of the response came. The youngest is a little"
                                        + " older than the server's idle timeout: keep connections for less than that.")
                        .ask(Query.buckets("sum by (le) (increase(" + ages
                                + "_bucket{<route>, poolscope_reuse_outcome=\"stale\"}[$__rate_interval]))")),
                Panel.lines("Dead connections, by how they were noticed", "cps")
                        .stacked()
                        .colour("stale", "red")
                        .colour("server_closed", "green")
                        .says("stale: by a request that failed, or was sent twice. server_closed: by the pool, before a"
                                + " request used it.")
                        .ask(
                                "sum by (poolscope_close_reason) (rate(poolscope_connection_closes_total{<route>, poolscope_close_reason=~\"stale|server_closed\"}[$__rate_interval]))",
                                "{{poolscope_close_reason}}"),
                Panel.lines("Requests that met a dead connection", "percentunit")
                        .ifNothing("none")
                        .says("Their share of all requests.")
                        .ask(
                                "sum by (" + BY_ROUTE + ") (rate(" + ages
                                        + "_count{<route>, poolscope_reuse_outcome=\"stale\"}[$__rate_interval]))"
                                        + " / (sum by (" + BY_ROUTE
                                        + ") (rate(poolscope_lease_granted_total{<route>}[$__rate_interval])) > 0)",
                                ROUTE));
    }

    static void watched(Dashboard dashboard) {
        dashboard.row(
                "What is watched, and what is not",
                Panel.table("Libraries")
                        .size(12, 7)
                        .says(
                                "on: its pools are on these panels. unsupported: this version does not fit, nothing of it is"
                                        + " seen. tripped: Poolscope switched itself off after errors of its own.")
                        .ask(
                                Query.now(
                                        "count by (job, poolscope_client, poolscope_library_version, poolscope_state) (poolscope_instrumentation_state{<process>})"))
                        .columns(
                                "job",
                                "Job",
                                "poolscope_client",
                                "Client",
                                "poolscope_library_version",
                                "Version",
                                "poolscope_state",
                                "State",
                                "Value",
                                "Instances"),
                Panel.table("Agents")
                        .size(12, 7)
                        .says("Which version of Poolscope runs where.")
                        .ask(
                                Query.now(
                                        "count by (job, instance, service_name, telemetry_distro_version) (target_info{<process>, telemetry_distro_name=\"poolscope\"})"))
                        .columns(
                                "job",
                                "Job",
                                "instance",
                                "Instance",
                                "service_name",
                                "Service",
                                "telemetry_distro_version",
                                "Poolscope"),
                Panel.lines("Number of pools", "short")
                        .says("Pools that there are. A staircase: a client is built for each request.")
                        .ask("sum by (job, instance) (poolscope_pool_count{<process>})", "{{job}} {{instance}}"),
                Panel.lines("Past the bounds, and errors of Poolscope's own", "short")
                        .says(
                                "Pools, routes and call sites that are summed up under _OTHER (poolscope.max.*), and errors that"
                                        + " were suppressed: after ten a client is switched off.")
                        .ask(
                                "sum by (job, instance) (poolscope_overflow{<process>})",
                                "{{job}} {{instance}} under _OTHER")
                        .ask(
                                "sum by (job, instance, poolscope_client) (poolscope_instrumentation_failures_total{<process>})",
                                "{{job}} {{instance}} {{poolscope_client}} errors"));
    }
}

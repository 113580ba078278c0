package io.poolscope.dashboards.grafana;

import static io.poolscope.dashboards.Json.object;
import static io.poolscope.dashboards.grafana.Promql.ASKED;
import static io.poolscope.dashboards.grafana.Promql.BY_ROUTE;
import static io.poolscope.dashboards.grafana.Promql.NOT_GRANTED;
import static io.poolscope.dashboards.grafana.Promql.counted;
import static io.poolscope.dashboards.grafana.Promql.over;
import static io.poolscope.dashboards.grafana.Promql.quantile;
import static io.poolscope.dashboards.grafana.Promql.worstLimit;

import java.util.List;
import java.util.Map;

/** A line for each pool and route of everything that runs under the agent: for who wants to know where to look. */
final class OverviewDashboard {
    static final String UID = "poolscope-overview";

    private OverviewDashboard() {}

    static Map<String, Object> json() {
        Dashboard dashboard = new Dashboard(
                        UID,
                        "Poolscope: overview",
                        "Every HTTP client connection pool under Poolscope's agent, a line for each: which one is in trouble?")
                .link("Pools", "/d/" + PoolsDashboard.UID, "One pool or some, with everything about them")
                .variable("job", "Service (job)", "label_values(poolscope_pool_count, job)")
                .variable("instance", "Instance", "label_values(poolscope_pool_count{job=~\"$job\"}, instance)")
                .row(
                        "Now",
                        Panel.number("Pools", "short")
                                .says("Pools that there are, in all instances.")
                                .ask("sum(poolscope_pool_count{<process>})", ""),
                        Panel.number("Routes at their limit", "short")
                                .colours(1, "red")
                                .ifNothing("0")
                                .says(
                                        "Routes that have used up a limit, on one instance at least. Of OkHttp's dispatcher:"
                                                + " while somebody waits.")
                                .ask("count(" + fleet(worstLimit(BY_ROUTE)) + " >= 1)", ""),
                        Panel.number("Routes with somebody waiting", "short")
                                .says("Routes of which a request waits for a connection.")
                                .colours(1, "orange")
                                .ifNothing("0")
                                .ask("count(sum by (" + BY_ROUTE + ") (poolscope_lease_pending{<process>}) > 0)", ""),
                        Panel.number("Oldest wait", "s")
                                .says("How long the request has waited that has waited the longest.")
                                .colours(1, "orange", 5, "red")
                                .ask("max(poolscope_wait_oldest_age_seconds{<process>})", ""),
                        Panel.number("Leaked", "short")
                                .decimals(0)
                                .colours(1, "red")
                                .ifNothing("0")
                                .says("Responses that were never closed, in the time shown.")
                                .ask(counted("", "poolscope_response_leaks_total{<process>}"), ""),
                        Panel.number("Connections held by leaks", "short")
                                .says("Slots of pools that are gone until the pool is closed.")
                                .colours(1, "red")
                                .ask("sum(poolscope_connection_leaked{<process>})", ""),
                        Panel.number("Alerts", "short")
                                .colours(1, "red")
                                .ifNothing("0")
                                .says("Poolscope's alerts that fire now; 0 as well if its rules are not loaded.")
                                .ask(
                                        "count(ALERTS{alertname=~\"Poolscope.+\", alertstate=\"firing\", job=~\"$job\"})",
                                        ""),
                        Panel.number("Libraries not watched", "short")
                                .colours(1, "orange")
                                .ifNothing("0")
                                .says("Unsupported or tripped: their pools are missing here.")
                                .ask(
                                        "count(count by (job, poolscope_client, poolscope_library_version) (poolscope_instrumentation_state{<process>, poolscope_state!=\"on\"}))",
                                        ""));
        pools(dashboard);
        dashboard.row(
                "Alerts and leaks",
                Panel.table("Alerts that fire")
                        .size(12, 8)
                        .says("Needs the rules of dashboards/prometheus. What each means: docs/runbooks.md.")
                        .ask(
                                Query.now(
                                        "sum by (alertname, severity, job, instance, poolscope_pool_name, server_address, code_function_name) (ALERTS{alertname=~\"Poolscope.+\", alertstate=\"firing\", job=~\"$job\"})"))
                        .columns(
                                "alertname",
                                "Alert",
                                "severity",
                                "Severity",
                                "job",
                                "Job",
                                "instance",
                                "Instance",
                                "poolscope_pool_name",
                                "Pool",
                                "server_address",
                                "Route",
                                "code_function_name",
                                "Method"),
                Panel.table("Who loses responses")
                        .size(12, 8)
                        .says(
                                "Responses that were never closed, by the method that they were handed to, in the time shown.")
                        .ask(Query.now(counted(
                                "job, code_function_name, poolscope_pool_name",
                                "poolscope_response_leaks_total{<process>}")))
                        .columns(
                                "job",
                                "Job",
                                "code_function_name",
                                "Method",
                                "poolscope_pool_name",
                                "Pool",
                                "Value",
                                "Leaked")
                        .column("Leaked", "decimals", 0)
                        .sortedBy("Leaked"));
        PoolsDashboard.watched(dashboard);
        return dashboard.json();
    }

    private static void pools(Dashboard dashboard) {
        String asked = over(ASKED, "increase", "$__range");
        dashboard.row(
                "Pools and routes",
                Panel.table("Pools and routes")
                        .size(24, 12)
                        .says(
                                "Now: in use, idle, waiting, oldest wait, limit in use, connections held by leaks. In the time"
                                        + " shown: p95 of the waits, got a connection, reuse. A click opens the pool.")
                        .ask(Query.now("sum by (" + BY_ROUTE
                                + ") (http_client_open_connections{<process>, http_connection_state=\"active\"})"))
                        .ask(Query.now("sum by (" + BY_ROUTE
                                + ") (http_client_open_connections{<process>, http_connection_state=\"idle\"})"))
                        .ask(Query.now("sum by (" + BY_ROUTE + ") (poolscope_lease_pending{<process>})"))
                        .ask(Query.now("max by (" + BY_ROUTE + ") (poolscope_wait_oldest_age_seconds{<process>})"))
                        .ask(Query.now(fleet(worstLimit(BY_ROUTE))))
                        .ask(Query.now("sum by (" + BY_ROUTE + ") (poolscope_connection_leaked{<process>})"))
                        .ask(Query.now(quantile(0.95, BY_ROUTE, "poolscope_lease_wait_time_seconds", "<process>")
                                .replace("$__rate_interval", "$__range")))
                        .ask(Query.now(fleet("1 - (sum by (" + BY_ROUTE + ") ("
                                + over(NOT_GRANTED, "increase", "$__range") + ")) / (sum by (" + BY_ROUTE + ") ("
                                + asked
                                + ") > 0)")))
                        .ask(Query.now("sum by (" + BY_ROUTE
                                + ") (increase(poolscope_lease_granted_total{<process>, poolscope_connection_reused=\"true\"}[$__range]))"
                                + " / (sum by (" + BY_ROUTE
                                + ") (increase(poolscope_lease_granted_total{<process>}[$__range])) > 0)"))
                        .merged()
                        .columns(
                                "poolscope_pool_name",
                                "Pool",
                                "server_address",
                                "Route",
                                "server_port",
                                "Port",
                                "job",
                                "Job",
                                "Value #A",
                                "In use",
                                "Value #B",
                                "Idle",
                                "Value #C",
                                "Waiting",
                                "Value #D",
                                "Oldest wait",
                                "Value #E",
                                "Limit in use",
                                "Value #F",
                                "Leaked",
                                "Value #G",
                                "Wait p95",
                                "Value #H",
                                "Granted",
                                "Value #I",
                                "Reuse")
                        .column(
                                "Pool",
                                "links",
                                List.of(object(
                                        "title",
                                        "Open this pool",
                                        "url",
                                        "/d/" + PoolsDashboard.UID
                                                + "?${__url_time_range}&var-datasource=${datasource}"
                                                + "&var-job=${__data.fields.Job:percentencode}"
                                                + "&var-pool=${__data.fields.Pool:percentencode}"
                                                + "&var-route=${__data.fields.Route:percentencode}")))
                        .column("Oldest wait", "unit", "s")
                        .column("Wait p95", "unit", "s")
                        .column(
                                "Limit in use",
                                "unit",
                                "percentunit",
                                "decimals",
                                0,
                                "custom.cellOptions",
                                object("type", "gauge", "mode", "basic"),
                                "min",
                                0,
                                "max",
                                1)
                        .column("Granted", "unit", "percentunit", "decimals", 2)
                        .column("Reuse", "unit", "percentunit", "decimals", 1)
                        .sortedBy("Limit in use"));
    }

    /** Here nobody has chosen pools or routes. */
    private static String fleet(String expression) {
        return expression.replace("<route>", "<process>").replace("<pool>", "<process>");
    }
}

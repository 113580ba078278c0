package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.kibana.Column.distinct;
import static io.poolscope.dashboards.kibana.Column.documents;
import static io.poolscope.dashboards.kibana.Column.max;
import static io.poolscope.dashboards.kibana.Column.pairs;
import static io.poolscope.dashboards.kibana.Column.rate;
import static io.poolscope.dashboards.kibana.Column.share;
import static io.poolscope.dashboards.kibana.Column.sum;
import static io.poolscope.dashboards.kibana.Column.time;
import static io.poolscope.dashboards.kibana.Column.values;
import static io.poolscope.dashboards.kibana.Column.valuesOrNone;
import static io.poolscope.dashboards.kibana.DataView.LOGS;
import static io.poolscope.dashboards.kibana.DataView.METRICS;
import static io.poolscope.dashboards.kibana.DataView.TRACES;

/** The story of the dashboards for Grafana, as far as it is told by counts: everything but durations. */
final class PoolsBoard {
    static final String ID = "poolscope-pools";

    private static final String REPORTS = "poolscope-reports";
    private static final String SPANS = "poolscope-spans";
    private static final String GRANTED = "metrics.poolscope.lease.granted";
    private static final String CLOSES = "metrics.poolscope.connection.closes";
    private static final String LEAKS = "metrics.poolscope.response.leaks";
    private static final String UNDRAINED = "metrics.poolscope.response.undrained";
    private static final String ACTIVE = "metrics.poolscope.lease.active";
    private static final String CONNECTIONS = "metrics.http.client.open_connections";
    private static final String IN_USE = "attributes.http.connection.state: \"active\"";
    private static final String REUSED = "attributes.poolscope.connection.reused: true";
    private static final String STALE = "attributes.poolscope.close.reason: \"stale\"";

    private PoolsBoard() {}

    private static Column pool() {
        return values("Pool", "attributes.poolscope.pool.name");
    }

    private static Column route() {
        return values("Route", "attributes.server.address");
    }

    private static Column poolAndRoute() {
        return pairs("Pool and route", "attributes.poolscope.pool.name", "attributes.server.address");
    }

    private static Column method() {
        return values("Method", "attributes.code.function.name");
    }

    private static Column reuse() {
        return share("Reuse", sum("Reused", GRANTED, REUSED), sum("Granted", GRANTED, ""));
    }

    static Board board() {
        Board board = new Board(
                ID,
                "Poolscope: HTTP client pools",
                "Saturation, leaks by line of code, reuse and stale connections of Java HTTP clients, as Poolscope's agent sees"
                        + " them.");
        health(board);
        saturation(board);
        leaks(board);
        churn(board);
        reports(board);
        watched(board);
        return board;
    }

    private static void health(Board board) {
        board.heading("### Health at a glance\nOf the time shown. Durations: [Poolscope: durations](#/view/"
                        + DurationsBoard.ID + ")")
                .add(
                        Lens.number(
                                "Requests",
                                "Leases that were granted and used.",
                                METRICS,
                                "",
                                sum("Requests", GRANTED, "")),
                        Lens.number(
                                "Reuse",
                                "Requests that went over a connection that had served before.",
                                METRICS,
                                "",
                                reuse()),
                        Lens.number(
                                "Leaked",
                                "Responses that were collected without having been closed: certain.",
                                METRICS,
                                "",
                                sum("Leaked", LEAKS, "")),
                        Lens.number(
                                "Undrained",
                                "Responses that were closed before the end of their body was seen.",
                                METRICS,
                                "",
                                sum("Undrained", UNDRAINED, "")),
                        Lens.number(
                                "Stale",
                                "Connections that were dead when they were used again.",
                                METRICS,
                                "",
                                sum("Stale", CLOSES, STALE)),
                        Lens.number(
                                "Longest wait",
                                "Seconds that the oldest of all waiting requests had waited.",
                                METRICS,
                                "",
                                max("Longest wait", "metrics.poolscope.wait.oldest_age", "")));
    }

    private static void saturation(Board board) {
        board.heading("### Saturation: is the pool full, and who waits")
                .add(
                        Lens.lines(
                                "In use",
                                "Leases out at once, on the route and the instance that has the most.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                max("In use", ACTIVE, "")),
                        Lens.lines(
                                "Limit of a route in use",
                                "Of the connections that a route may have. At 100 % everybody waits.",
                                METRICS,
                                "",
                                time(),
                                poolAndRoute(),
                                share(
                                        "Limit in use",
                                        max("In use", CONNECTIONS, IN_USE),
                                        max("Limit", "metrics.poolscope.route.connection.limit", ""))),
                        Lens.lines(
                                "Limit of a pool in use",
                                "Of the connections that a pool may have for all its routes together, on the average of each step and"
                                        + " of the instances. A route may be at its own limit long before.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                share(
                                        "Limit in use",
                                        sum("In use", CONNECTIONS, IN_USE),
                                        sum("Limit", "metrics.poolscope.pool.connection.limit", ""))),
                        Lens.lines(
                                "Limit of the dispatcher in use",
                                "Of the asynchronous calls that OkHttp's dispatcher runs at once to one host. Synchronous calls count"
                                        + " here as well, which it lets pass: see whether anybody waits.",
                                METRICS,
                                "",
                                time(),
                                poolAndRoute(),
                                share(
                                        "Limit in use",
                                        max("In use", ACTIVE, ""),
                                        max("Limit", "metrics.poolscope.route.request.limit", ""))),
                        Lens.lines(
                                "Waiting",
                                "Requests that wait for a connection at once, for one route on one instance.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                max("Waiting", "metrics.poolscope.lease.pending", "")),
                        Lens.lines(
                                "Oldest wait, seconds",
                                "It rises even when nothing ends any more.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                max("Oldest wait", "metrics.poolscope.wait.oldest_age", "")),
                        Lens.lines(
                                "Oldest lease, seconds",
                                "For how long the connection has been in use that has been the longest.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                max("Oldest lease", "metrics.poolscope.lease.oldest_age", "")),
                        Lens.bars(
                                "Waits that ended otherwise",
                                "Cancelled by the application, or failed. Time-outs are among the durations.",
                                METRICS,
                                "",
                                time(),
                                values("Outcome", "attributes.poolscope.wait.outcome"),
                                sum("Abandoned", "metrics.poolscope.lease.abandoned", "")),
                        Lens.table(
                                "Limits",
                                "What each pool may have.",
                                METRICS,
                                "",
                                pool(),
                                max("Connections of the pool", "metrics.poolscope.pool.connection.limit", ""),
                                max("of a route", "metrics.poolscope.route.connection.limit", ""),
                                max("Idle connections", "metrics.poolscope.pool.idle.limit", ""),
                                max("Calls of the dispatcher", "metrics.poolscope.dispatcher.request.limit", ""),
                                max("to a host", "metrics.poolscope.route.request.limit", ""),
                                max("Streams", "metrics.poolscope.stream.limit", "")));
    }

    private static void leaks(Board board) {
        board.heading("### Leaks and undrained responses: which method")
                .add(
                        Lens.table(
                                "Who loses responses",
                                "Never closed, by the method that they were handed to.",
                                METRICS,
                                "",
                                method(),
                                route(),
                                sum("Leaked", LEAKS, "")),
                        Lens.table(
                                "Who closes without reading to the end",
                                "Discarded: the connection was thrown away. Drained on close: closing read the rest.",
                                METRICS,
                                "",
                                method(),
                                values("Outcome", "attributes.poolscope.undrained.outcome"),
                                sum("Undrained", UNDRAINED, "")),
                        Lens.bars(
                                "Leaks by method",
                                "Certain ones.",
                                METRICS,
                                "",
                                time(),
                                method(),
                                sum("Leaked", LEAKS, "")),
                        Lens.lines(
                                "Connections that leaks hold",
                                "Slots of the pool that are gone until it is closed.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                max("Held by leaks", "metrics.poolscope.connection.leaked", "")),
                        Lens.lines(
                                "Held without being read",
                                "Suspected leaks by method; it falls when a response comes back.",
                                METRICS,
                                "",
                                time(),
                                method(),
                                max("Suspected", "metrics.poolscope.response.suspected_leaks", "")),
                        Lens.bars(
                                "Undrained by method",
                                "Closed before the end was seen.",
                                METRICS,
                                "",
                                time(),
                                method(),
                                sum("Undrained", UNDRAINED, "")));
    }

    private static void churn(Board board) {
        board.heading("### Churn, reuse and stale connections")
                .add(
                        Lens.lines(
                                "Reuse by pool",
                                "Requests that went over a connection that had served before.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                reuse()),
                        Lens.bars(
                                "New connections in a second",
                                "Leases that had to open a connection.",
                                METRICS,
                                "",
                                time(),
                                pool(),
                                rate("New connections", GRANTED, "attributes.poolscope.connection.reused: false")),
                        Lens.bars(
                                "Closes by reason",
                                "Why connections were closed. The runbook of PoolscopeChurn has the mend for each.",
                                METRICS,
                                "",
                                time(),
                                values("Reason", "attributes.poolscope.close.reason"),
                                sum("Closes", CLOSES, "")),
                        Lens.bars(
                                "Dead connections, by how they were noticed",
                                "stale: by a request that failed or was sent twice. server_closed: by the pool, before a request"
                                        + " used it.",
                                METRICS,
                                STALE + " or attributes.poolscope.close.reason: \"server_closed\"",
                                time(),
                                values("Noticed", "attributes.poolscope.close.reason"),
                                sum("Dead", CLOSES, "")),
                        Lens.lines(
                                "Idle connections",
                                "Of one route on the instance that has the most.",
                                METRICS,
                                "attributes.http.connection.state: \"idle\"",
                                time(),
                                pool(),
                                max("Idle", CONNECTIONS, "")),
                        Lens.table(
                                "Who meets dead connections",
                                "By pool and route.",
                                METRICS,
                                STALE,
                                pool(),
                                route(),
                                sum("Dead", CLOSES, "")));
    }

    private static void reports(Board board) {
        board.heading("### What the agent reported, with the line, and what requests waited for\nAll of it in Discover:"
                        + " [reports](discover#/view/" + REPORTS + "), [spans](discover#/view/" + SPANS + ")")
                .add(
                        Lens.bars(
                                "Reports by event",
                                "Log records of the agent.",
                                LOGS,
                                "event_name: poolscope*",
                                time(),
                                values("Event", "event_name"),
                                documents("Reports", "")),
                        Lens.table(
                                "Lines to mend",
                                "Where reports point to, and how often it had happened since the program began.",
                                LOGS,
                                "event_name: poolscope*",
                                values("Event", "event_name"),
                                values("File", "attributes.code.file.path"),
                                values("Line", "attributes.code.line.number", "number"),
                                max("Times", "attributes.poolscope.report.total", "")),
                        Lens.table(
                                "Why pools were exhausted",
                                "The cause that the agent named, and how many requests waited.",
                                LOGS,
                                "event_name: \"poolscope.exhausted\"",
                                pool(),
                                values("Cause", "attributes.poolscope.exhausted.cause"),
                                documents("Reports", ""),
                                max("Waiting", "attributes.poolscope.exhausted.waiting", "")),
                        Lens.table(
                                "Spans",
                                "Waits of more than 50 ms, and leaks, as spans: their traces tell the rest.",
                                TRACES,
                                "scope.name: \"io.poolscope\"",
                                values("Span", "name"),
                                documents("Spans", ""),
                                max("Longest, nanoseconds", "duration", "")))
                .add(new Search(
                        REPORTS,
                        "Reports",
                        "Leaks, undrained and stale responses, exhausted pools: what happened, where, and the mend.",
                        LOGS,
                        "event_name: poolscope*",
                        "severity_text",
                        "event_name",
                        "attributes.poolscope.pool.name",
                        "attributes.server.address",
                        "attributes.code.function.name",
                        "attributes.code.line.number",
                        "attributes.poolscope.report.total",
                        "body.text"))
                .add(new Search(
                        SPANS,
                        "Waits and leaks, as spans",
                        "With the trace that each belongs to, if the request carried one.",
                        TRACES,
                        "scope.name: \"io.poolscope\"",
                        "name",
                        "attributes.poolscope.pool.name",
                        "attributes.poolscope.wait.outcome",
                        "duration",
                        "trace_id"));
    }

    private static void watched(Board board) {
        board.heading("### What is watched, and what is not")
                .add(
                        Lens.table(
                                "Libraries",
                                "on: its pools are here. unsupported: this version does not fit. tripped: Poolscope switched"
                                        + " itself off.",
                                METRICS,
                                "attributes.poolscope.state: *",
                                values("Client", "attributes.poolscope.client"),
                                values("Library", "attributes.poolscope.library.name"),
                                valuesOrNone("Version", "attributes.poolscope.library.version"),
                                values("State", "attributes.poolscope.state"),
                                distinct("Instances", "resource.attributes.service.instance.id")),
                        Lens.lines(
                                "Pools, and what is past the bounds",
                                "Pools that there are, and pools, routes and call sites that are summed up under _OTHER.",
                                METRICS,
                                "",
                                time(),
                                max("Pools", "metrics.poolscope.pool.count", ""),
                                max("Under _OTHER", "metrics.poolscope.overflow", ""),
                                sum("Errors of Poolscope's own", "metrics.poolscope.instrumentation.failures", "")));
    }
}

package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.kibana.Column.atMost;
import static io.poolscope.dashboards.kibana.Column.percentile;
import static io.poolscope.dashboards.kibana.Column.time;
import static io.poolscope.dashboards.kibana.Column.values;
import static io.poolscope.dashboards.kibana.DataView.METRICS;

/** What needs fields of type histogram: the durations. Kept apart, and simple: no test here has an Elasticsearch for it. */
final class DurationsBoard {
    static final String ID = "poolscope-durations";

    private static final String WAITS = "metrics.poolscope.lease.wait_time";

    private DurationsBoard() {}

    static Board board() {
        return new Board(
                        ID,
                        "Poolscope: durations",
                        "Waits, responses, use and idle ages of HTTP client pools, in seconds.")
                .heading("### Durations in seconds\nEverything else: [Poolscope: HTTP client pools](#/view/"
                        + PoolsBoard.ID + ")")
                .add(
                        Lens.number(
                                "Within 50 ms",
                                "Of the requests that asked for a connection, those that had one so soon. The objective is 95 %.",
                                METRICS,
                                "",
                                atMost("Within 50 ms", 0.05, WAITS, "")),
                        Lens.number(
                                "Wait, p95",
                                "The objective is 0.05: 50 ms.",
                                METRICS,
                                "",
                                percentile("Wait, p95", 95, WAITS, "")),
                        percentiles(
                                "Wait for a connection",
                                "From asking to being granted one, or to the time-out.",
                                WAITS,
                                ""),
                        percentiles(
                                "Response time",
                                "From having the connection to the head of the response: a slow upstream.",
                                "metrics.poolscope.lease.response_time",
                                ""),
                        percentiles(
                                "Use time",
                                "From having the connection to giving it back: with a slow reader in it.",
                                "metrics.poolscope.lease.use_time",
                                ""),
                        percentiles(
                                "Opening a connection",
                                "TLS included.",
                                "metrics.poolscope.connection.create_time",
                                "not attributes.error.type: *"),
                        percentiles(
                                "Lifetime of connections",
                                "How old they were when they were closed.",
                                "metrics.http.client.connection.duration",
                                ""),
                        percentiles(
                                "Idle age of dead connections",
                                "A little more than the server's idle timeout: keep connections for less.",
                                "metrics.poolscope.connection.idle_age",
                                "attributes.poolscope.reuse.outcome: \"stale\""),
                        percentiles(
                                "Draining on close",
                                "What a close() spent reading the rest.",
                                "metrics.poolscope.response.drain_time",
                                ""));
    }

    private static Lens percentiles(String title, String says, String field, String kql) {
        return Lens.lines(
                title,
                says,
                METRICS,
                kql,
                time(),
                values("Pool", "attributes.poolscope.pool.name"),
                percentile("p50", 50, field, ""),
                percentile("p95", 95, field, ""));
    }
}

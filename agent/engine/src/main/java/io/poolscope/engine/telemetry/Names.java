package io.poolscope.engine.telemetry;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Every name that leaves this agent: metrics, attributes, spans, log events. All other classes refer to these, and the
 * documentation's tables are made from them.
 *
 * <p>Units are seconds and {@code {thing}}. Two metrics of the semantic conventions (HTTP client metrics, in development)
 * fit and are used to the letter; everything else is ours, under {@code poolscope.}, with the suffixes of {@code
 * db.client.connection.*}. Nothing here needs a class of the SDK: attribute names are constants, so that who makes a report
 * loads nothing for it.
 */
public final class Names {

    /** The instrumentation scope of everything; it has no version, which would restart every series at each upgrade. */
    public static final String SCOPE = "io.poolscope";
    /** {@code telemetry.distro.name}. */
    public static final String DISTRO = "poolscope";
    /** The value of an attribute that stands for all past a bound: the conventions' spelling. */
    public static final String OTHER = "_OTHER";

    // Attributes.

    /** The class that built the pool ({@code okhttp@com.acme.OrdersClient}), {@code #2}, {@code #3} for the next ones. */
    public static final String POOL_NAME = "poolscope.pool.name";
    /** The instrumentation that watches it: {@code apache-httpclient-4}. */
    public static final String CLIENT = "poolscope.client";
    /** The origin's host. */
    public static final String SERVER_ADDRESS = "server.address";
    /** The origin's port. */
    public static final String SERVER_PORT = "server.port";
    /** The proxy as {@code host:port}; only behind a proxy. */
    public static final String PROXY_ADDRESS = "poolscope.proxy.address";
    /** {@code 2} where HTTP/2 is spoken. */
    public static final String PROTOCOL_VERSION = "network.protocol.version";
    /** {@code active} or {@code idle}. */
    public static final String CONNECTION_STATE = "http.connection.state";
    /** {@code success}, {@code timeout}, {@code cancelled} or {@code failed}. */
    public static final String WAIT_OUTCOME = "poolscope.wait.outcome";
    /** Whether the connection had served before. */
    public static final String CONNECTION_REUSED = "poolscope.connection.reused";
    /** Why a connection was closed. */
    public static final String CLOSE_REASON = "poolscope.close.reason";
    /** {@code ok}, or {@code stale}: it failed before a byte of the response came. */
    public static final String REUSE_OUTCOME = "poolscope.reuse.outcome";
    /** {@code discarded}, or {@code drained_on_close}. */
    public static final String UNDRAINED_OUTCOME = "poolscope.undrained.outcome";
    /** The error's class; only on failure. */
    public static final String ERROR_TYPE = "error.type";
    /** The call site: class and method without line, generated parts normalised. */
    public static final String CODE_FUNCTION = "code.function.name";
    /** The call site with its line, in log records: {@code Stock.java}. */
    public static final String CODE_FILE = "code.file.path";
    /** The line in {@link #CODE_FILE}. */
    public static final String CODE_LINE = "code.line.number";
    /** The stack of the hand-out. */
    public static final String CODE_STACKTRACE = "code.stacktrace";
    /** The library that is watched, as names of pools begin: {@code httpclient}, or the package that a copy was moved to. */
    public static final String LIBRARY_NAME = "poolscope.library.name";
    /** The version of the library that is watched. */
    public static final String LIBRARY_VERSION = "poolscope.library.version";
    /** {@code on}, {@code unsupported} or {@code tripped}. */
    public static final String STATE = "poolscope.state";

    // Attributes of log events only.

    /** How often it happened since the report before. */
    public static final String REPORT_COUNT = "poolscope.report.count";
    /** How often it happened since the start. */
    public static final String REPORT_TOTAL = "poolscope.report.total";
    /** How to mend it, as a person is told. */
    public static final String MEND = "poolscope.mend";
    /** Leases that were out. */
    public static final String EXHAUSTED_USED = "poolscope.exhausted.used";
    /** Of how many; -1 if there is no limit. */
    public static final String EXHAUSTED_LIMIT = "poolscope.exhausted.limit";
    /** Whose limit that is: {@code route} or {@code pool}. */
    public static final String EXHAUSTED_LIMIT_OF = "poolscope.exhausted.limit_of";
    /** How many requests waited. */
    public static final String EXHAUSTED_WAITING = "poolscope.exhausted.waiting";
    /** For how long the oldest of them had, in seconds. */
    public static final String EXHAUSTED_OLDEST_WAIT = "poolscope.exhausted.oldest_wait";
    /** {@code leak}, {@code slow upstream}, {@code slow reader}, {@code churn}, {@code pool too small} or {@code unclear}. */
    public static final String EXHAUSTED_CAUSE = "poolscope.exhausted.cause";
    /** The numbers that this rests on. */
    public static final String EXHAUSTED_WHY = "poolscope.exhausted.why";
    /** The table of who held the leases. */
    public static final String EXHAUSTED_HOLDERS = "poolscope.exhausted.holders";

    /** How many requests the pools served that were thrown away after that. */
    public static final String CHURN_REQUESTS = "poolscope.churn.requests";
    /** How many of these pools were never closed. */
    public static final String CHURN_UNCLOSED = "poolscope.churn.unclosed";

    // Resource.

    /** OTEL_*, else the main class or jar. */
    public static final String SERVICE_NAME = "service.name";
    /** A UUID for each run. */
    public static final String SERVICE_INSTANCE_ID = "service.instance.id";
    /** The machine's or container's name. */
    public static final String HOST_NAME = "host.name";
    /** The process's id. */
    public static final String PROCESS_PID = "process.pid";
    /** {@link #DISTRO}. */
    public static final String DISTRO_NAME = "telemetry.distro.name";
    /** The agent's version. */
    public static final String DISTRO_VERSION = "telemetry.distro.version";

    // Spans: these, a blank, and host:port. They follow .NET's networking traces, the only published ones.

    /** A lease waited for longer than 50 ms, or was not granted. */
    public static final String SPAN_WAIT = "HTTP wait_for_connection";
    /** Granted until reported as leaked. */
    public static final String SPAN_LEAK = "HTTP response_leak";
    /** A connection was opened; only where asked for. */
    public static final String SPAN_SETUP = "HTTP connection_setup";

    // Log events.

    /** Responses that were collected without having been closed. */
    public static final String EVENT_LEAK = "poolscope.leak";
    /** Responses that are held without progress. */
    public static final String EVENT_LEAK_SUSPECTED = "poolscope.leak.suspected";
    /** One of these came back: slow, not leaked. */
    public static final String EVENT_LEAK_RETRACTED = "poolscope.leak.retracted";
    /** Responses closed before the end of their body was seen. */
    public static final String EVENT_UNDRAINED = "poolscope.undrained";
    /** Reused connections that failed before a response byte. */
    public static final String EVENT_STALE = "poolscope.stale";
    /** Nobody gets a connection any more. */
    public static final String EVENT_EXHAUSTED = "poolscope.exhausted";
    /** Pools that served a request or two, one after the other from one line. */
    public static final String EVENT_CHURN = "poolscope.churn";
    /** Something that could be set better. */
    public static final String EVENT_ADVICE = "poolscope.advice";
    /** Something about this agent itself. */
    public static final String EVENT_AGENT = "poolscope.agent";

    private Names() {}

    /** What a metric is made with. */
    public enum Kind {
        /** Only goes up: an OTLP monotonic sum, a Prometheus counter. */
        COUNTER,
        /** Goes up and down, and sums over its attributes mean something: an OTLP sum, a Prometheus gauge. */
        UP_DOWN_COUNTER,
        /** A value of this moment. */
        GAUGE,
        /** Durations over explicit bounds. */
        HISTOGRAM
    }

    /** What the attributes of a metric say beside its own ones. */
    public enum Level {
        /** Pool, client and route. */
        ROUTE(POOL_NAME, CLIENT, SERVER_ADDRESS, SERVER_PORT, PROXY_ADDRESS, PROTOCOL_VERSION),
        /** Pool, client, route, and the application's method. */
        SITE(POOL_NAME, CLIENT, SERVER_ADDRESS, SERVER_PORT, PROXY_ADDRESS, CODE_FUNCTION),
        /** Pool and client. */
        POOL(POOL_NAME, CLIENT),
        /** The client only. */
        CLIENT_ONLY(CLIENT),
        /** Nothing: one series for each process. */
        PROCESS();

        private final List<String> attributes;

        Level(String... attributes) {
            this.attributes = Collections.unmodifiableList(Arrays.asList(attributes));
        }

        /** The names. */
        public List<String> attributes() {
            return attributes;
        }
    }

    /** A metric. */
    public enum Metric {
        OPEN_CONNECTIONS(
                "http.client.open_connections",
                Kind.UP_DOWN_COUNTER,
                "{connection}",
                Level.ROUTE,
                "Connections that are open now",
                CONNECTION_STATE),
        CONNECTION_DURATION(
                "http.client.connection.duration",
                Kind.HISTOGRAM,
                "s",
                Level.ROUTE,
                "Lifetime of connections, recorded when they are closed"),
        LEASE_ACTIVE(
                "poolscope.lease.active",
                Kind.UP_DOWN_COUNTER,
                "{lease}",
                Level.ROUTE,
                "Leases that are out now; streams on HTTP/2, elsewhere equal to the active connections"),
        LEASE_PENDING(
                "poolscope.lease.pending",
                Kind.UP_DOWN_COUNTER,
                "{request}",
                Level.ROUTE,
                "Requests that wait for a connection now"),
        LEASE_WAIT_TIME(
                "poolscope.lease.wait_time",
                Kind.HISTOGRAM,
                "s",
                Level.ROUTE,
                "From asking for a connection to being granted one, or to the timeout; without connecting",
                WAIT_OUTCOME),
        LEASE_ABANDONED(
                "poolscope.lease.abandoned",
                Kind.COUNTER,
                "{request}",
                Level.ROUTE,
                "Waits that ended otherwise than granted or timed out",
                WAIT_OUTCOME),
        LEASE_USE_TIME(
                "poolscope.lease.use_time", Kind.HISTOGRAM, "s", Level.ROUTE, "From being granted to being released"),
        LEASE_RESPONSE_TIME(
                "poolscope.lease.response_time",
                Kind.HISTOGRAM,
                "s",
                Level.ROUTE,
                "From being granted to the head of the response"),
        LEASE_GRANTED(
                "poolscope.lease.granted",
                Kind.COUNTER,
                "{lease}",
                Level.ROUTE,
                "Leases that were granted and used",
                CONNECTION_REUSED),
        WAIT_OLDEST_AGE(
                "poolscope.wait.oldest_age", Kind.GAUGE, "s", Level.ROUTE, "Age of the oldest request still waiting"),
        LEASE_OLDEST_AGE(
                "poolscope.lease.oldest_age", Kind.GAUGE, "s", Level.ROUTE, "Age of the oldest lease still out"),
        CONNECTION_CREATE_TIME(
                "poolscope.connection.create_time",
                Kind.HISTOGRAM,
                "s",
                Level.ROUTE,
                "Opening a connection, TLS included",
                ERROR_TYPE),
        CONNECTION_CLOSES(
                "poolscope.connection.closes",
                Kind.COUNTER,
                "{connection}",
                Level.ROUTE,
                "Connections that were closed",
                CLOSE_REASON),
        CONNECTION_IDLE_AGE(
                "poolscope.connection.idle_age",
                Kind.HISTOGRAM,
                "s",
                Level.ROUTE,
                "How long a connection had been idle when it was reused",
                REUSE_OUTCOME),
        CONNECTION_LEAKED(
                "poolscope.connection.leaked",
                Kind.UP_DOWN_COUNTER,
                "{connection}",
                Level.ROUTE,
                "Slots of the pool that leaks hold now"),
        RESPONSE_LEAKS(
                "poolscope.response.leaks",
                Kind.COUNTER,
                "{response}",
                Level.SITE,
                "Responses collected without having been closed: certain"),
        RESPONSE_SUSPECTED_LEAKS(
                "poolscope.response.suspected_leaks",
                Kind.UP_DOWN_COUNTER,
                "{response}",
                Level.SITE,
                "Responses held now without progress"),
        RESPONSE_UNDRAINED(
                "poolscope.response.undrained",
                Kind.COUNTER,
                "{response}",
                Level.SITE,
                "Responses closed before the end of their body was seen",
                UNDRAINED_OUTCOME),
        RESPONSE_DRAIN_TIME(
                "poolscope.response.drain_time",
                Kind.HISTOGRAM,
                "s",
                Level.POOL,
                "Time that closing a response spent reading the rest of its body"),
        ROUTE_CONNECTION_LIMIT(
                "poolscope.route.connection.limit",
                Kind.UP_DOWN_COUNTER,
                "{connection}",
                Level.ROUTE,
                "Connections that a route may have"),
        POOL_CONNECTION_LIMIT(
                "poolscope.pool.connection.limit",
                Kind.UP_DOWN_COUNTER,
                "{connection}",
                Level.POOL,
                "Connections that a pool may have"),
        POOL_IDLE_LIMIT(
                "poolscope.pool.idle.limit",
                Kind.UP_DOWN_COUNTER,
                "{connection}",
                Level.POOL,
                "Idle connections that a pool keeps"),
        DISPATCHER_REQUEST_LIMIT(
                "poolscope.dispatcher.request.limit",
                Kind.UP_DOWN_COUNTER,
                "{request}",
                Level.POOL,
                "Requests that the dispatcher runs at once"),
        ROUTE_REQUEST_LIMIT(
                "poolscope.route.request.limit",
                Kind.UP_DOWN_COUNTER,
                "{request}",
                Level.ROUTE,
                "Requests that the dispatcher runs at once to one host"),
        STREAM_LIMIT(
                "poolscope.stream.limit",
                Kind.UP_DOWN_COUNTER,
                "{lease}",
                Level.ROUTE,
                "Streams that a route's HTTP/2 connections allow"),
        INSTRUMENTATION_STATE(
                "poolscope.instrumentation.state",
                Kind.GAUGE,
                // Not "1": a Collector would make a name of it that ends in _ratio.
                "{library}",
                Level.CLIENT_ONLY,
                "Always 1: what is watched, and whether it can be relied on",
                LIBRARY_NAME,
                LIBRARY_VERSION,
                STATE),
        INSTRUMENTATION_FAILURES(
                "poolscope.instrumentation.failures",
                Kind.COUNTER,
                "{failure}",
                Level.CLIENT_ONLY,
                "Errors of this agent, suppressed"),
        POOL_COUNT("poolscope.pool.count", Kind.UP_DOWN_COUNTER, "{pool}", Level.PROCESS, "Pools that there are"),
        OVERFLOW(
                "poolscope.overflow",
                Kind.UP_DOWN_COUNTER,
                "{item}",
                Level.PROCESS,
                "Pools, routes and call sites past the bounds, counted under " + OTHER);

        private final String key;
        private final Kind kind;
        private final String unit;
        private final Level level;
        private final String meaning;
        private final List<String> own;

        Metric(String key, Kind kind, String unit, Level level, String meaning, String... own) {
            this.key = key;
            this.kind = kind;
            this.unit = unit;
            this.level = level;
            this.meaning = meaning;
            this.own = Collections.unmodifiableList(Arrays.asList(own));
        }

        /** The name. */
        public String key() {
            return key;
        }

        /** What it is made with. */
        public Kind kind() {
            return kind;
        }

        /** The unit, in UCUM. */
        public String unit() {
            return unit;
        }

        /** Which attributes it has beside {@link #own()}; those that do not apply are absent. */
        public Level level() {
            return level;
        }

        /** What it says, in a few words: the description that is exported. */
        public String meaning() {
            return meaning;
        }

        /** Attributes of its own. */
        public List<String> own() {
            return own;
        }

        /** Who gave it its name. */
        public String source() {
            return key.startsWith("poolscope.")
                    ? "poolscope"
                    : "semantic conventions, HTTP client metrics (development)";
        }
    }
}

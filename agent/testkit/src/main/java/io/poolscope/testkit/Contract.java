package io.poolscope.testkit;

/**
 * The names of the telemetry contract, spelled a second time and on purpose: the kit asserts what a user's dashboard asks for, not what the agent
 * happens to call it.
 */
public final class Contract {

    public static final String OPEN_CONNECTIONS = "http.client.open_connections";
    public static final String CONNECTION_DURATION = "http.client.connection.duration";
    public static final String ACTIVE = "poolscope.lease.active";
    public static final String PENDING = "poolscope.lease.pending";
    public static final String WAIT_TIME = "poolscope.lease.wait_time";
    public static final String ABANDONED = "poolscope.lease.abandoned";
    public static final String USE_TIME = "poolscope.lease.use_time";
    public static final String RESPONSE_TIME = "poolscope.lease.response_time";
    public static final String GRANTED = "poolscope.lease.granted";
    public static final String OLDEST_WAIT = "poolscope.wait.oldest_age";
    public static final String OLDEST_LEASE = "poolscope.lease.oldest_age";
    public static final String CREATE_TIME = "poolscope.connection.create_time";
    public static final String CLOSES = "poolscope.connection.closes";
    public static final String IDLE_AGE = "poolscope.connection.idle_age";
    public static final String LEAKED = "poolscope.connection.leaked";
    public static final String LEAKS = "poolscope.response.leaks";
    public static final String SUSPECTED = "poolscope.response.suspected_leaks";
    public static final String UNDRAINED = "poolscope.response.undrained";
    public static final String DRAIN_TIME = "poolscope.response.drain_time";
    public static final String ROUTE_LIMIT = "poolscope.route.connection.limit";
    public static final String POOL_LIMIT = "poolscope.pool.connection.limit";
    public static final String IDLE_LIMIT = "poolscope.pool.idle.limit";
    public static final String DISPATCHER_LIMIT = "poolscope.dispatcher.request.limit";
    public static final String REQUEST_LIMIT = "poolscope.route.request.limit";
    public static final String STREAM_LIMIT = "poolscope.stream.limit";
    public static final String STATE = "poolscope.instrumentation.state";
    public static final String FAILURES = "poolscope.instrumentation.failures";
    public static final String OVERFLOW = "poolscope.overflow";

    public static final String ADDRESS = "server.address";
    public static final String PORT = "server.port";
    public static final String PROXY_ADDRESS = "poolscope.proxy.address";
    public static final String POOL = "poolscope.pool.name";
    public static final String CLIENT = "poolscope.client";
    public static final String PROTOCOL_VERSION = "network.protocol.version";
    public static final String CONNECTION_STATE = "http.connection.state";
    public static final String REUSED = "poolscope.connection.reused";
    public static final String WAIT_OUTCOME = "poolscope.wait.outcome";
    public static final String CLOSE_REASON = "poolscope.close.reason";
    public static final String REUSE_OUTCOME = "poolscope.reuse.outcome";
    public static final String UNDRAINED_OUTCOME = "poolscope.undrained.outcome";
    public static final String CALL_SITE = "code.function.name";
    public static final String ERROR_TYPE = "error.type";
    public static final String LIBRARY_NAME = "poolscope.library.name";
    public static final String LIBRARY_VERSION = "poolscope.library.version";
    public static final String INSTRUMENTATION_STATE = "poolscope.state";

    public static final String LEAK_EVENT = "poolscope.leak";
    public static final String SUSPECTED_EVENT = "poolscope.leak.suspected";
    public static final String RETRACTED_EVENT = "poolscope.leak.retracted";
    public static final String UNDRAINED_EVENT = "poolscope.undrained";
    public static final String EXHAUSTED_EVENT = "poolscope.exhausted";

    public static final String CHURN_EVENT = "poolscope.churn";

    public static final String EXHAUSTED_CAUSE = "poolscope.exhausted.cause";
    public static final String EXHAUSTED_USED = "poolscope.exhausted.used";
    public static final String EXHAUSTED_LIMIT = "poolscope.exhausted.limit";
    public static final String EXHAUSTED_LIMIT_OF = "poolscope.exhausted.limit_of";

    public static final String WAIT_SPAN = "HTTP wait_for_connection";
    public static final String LEAK_SPAN = "HTTP response_leak";

    /** What stands in place of a name past a cap. */
    public static final String OTHER = "_OTHER";

    /** The caps that the kit sets, over what its scenarios need and under what the two scenarios about caps make. */
    public static final int CAP = 400;

    private Contract() {}
}

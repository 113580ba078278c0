package io.poolscope.instrumentation.apachehttpclient5;

import static io.poolscope.instrumentation.Hook.ANY;
import static io.poolscope.instrumentation.Hook.on;
import static io.poolscope.instrumentation.Hook.onConstructor;
import static io.poolscope.instrumentation.Hook.onEvery;
import static io.poolscope.instrumentation.Hook.onEveryConstructor;
import static io.poolscope.instrumentation.WovenType.type;

import io.poolscope.instrumentation.ClientInstrumentation;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import java.util.List;

/**
 * Apache HttpClient 5.0 to 5.6, the blocking client: which methods are woven. The pools, their entries and the futures of
 * their leases are those of the {@linkplain AsyncClient5 asynchronous client}, too. Checked against the sources of 5.0, 5.1.3, 5.1.4, 5.2, 5.3.1,
 * 5.4.4, 5.5.2 and 5.6.4, of the versions of core that these declare, and by the conformance kit.
 */
public final class ApacheHttpClient5 implements ClientInstrumentation {

    /** Its first preview has all of the methods, but the pools of the asynchronous client are made of other parts. */
    static final String FIRST_UNCHECKED = "5.7";

    private static final String MANAGER = "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager";
    private static final String ENDPOINT =
            "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager$InternalConnectionEndpoint";
    private static final String BASIC = "org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager";
    private static final String BASIC_ENDPOINT =
            "org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager$InternalConnectionEndpoint";
    private static final String CONNECTION = "org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection";
    private static final String RUNTIME = "org.apache.hc.client5.http.impl.classic.InternalExecRuntime";
    private static final String RESPONSE = "org.apache.hc.client5.http.impl.classic.CloseableHttpResponse";
    private static final String ENTITY = "org.apache.hc.client5.http.impl.classic.ResponseEntityProxy";
    private static final String CLIENT = "org.apache.hc.client5.http.impl.classic.InternalHttpClient";
    private static final String MINIMAL_CLIENT = "org.apache.hc.client5.http.impl.classic.MinimalHttpClient";

    private static final String STRICT = "org.apache.hc.core5.pool.StrictConnPool";
    private static final String LAX = "org.apache.hc.core5.pool.LaxConnPool";
    private static final String LAX_ROUTE = "org.apache.hc.core5.pool.LaxConnPool$PerRoutePool";
    private static final String OFF_LOCK = "org.apache.hc.core5.pool.RouteSegmentedConnPool";
    private static final String OFF_LOCK_WAITER = "org.apache.hc.core5.pool.RouteSegmentedConnPool$Waiter";
    private static final String ENTRY = "org.apache.hc.core5.pool.PoolEntry";
    private static final String FUTURE = "org.apache.hc.core5.concurrent.BasicFuture";
    private static final String HTTP1 = "org.apache.hc.core5.http.impl.io.BHttpConnectionBase";
    private static final String EXECUTOR = "org.apache.hc.core5.http.impl.io.HttpRequestExecutor";
    private static final String STREAM = "org.apache.hc.core5.http.io.EofSensorInputStream";
    private static final String CHUNKED = "org.apache.hc.core5.http.impl.io.ChunkedInputStream";
    private static final String FIXED_LENGTH = "org.apache.hc.core5.http.impl.io.ContentLengthInputStream";
    private static final String ENTITY_UTILS = "org.apache.hc.core5.http.io.entity.EntityUtils";

    private static final String ROUTE = "org.apache.hc.client5.http.HttpRoute";
    private static final String LEASED = "org.apache.hc.client5.http.io.ConnectionEndpoint";
    private static final String EXEC_RUNTIME = "org.apache.hc.client5.http.classic.ExecRuntime";
    private static final String CONTEXT = "org.apache.hc.core5.http.protocol.HttpContext";
    private static final String TIME_VALUE = "org.apache.hc.core5.util.TimeValue";
    private static final String TIMEOUT = "org.apache.hc.core5.util.Timeout";
    private static final String CLOSE_MODE = "org.apache.hc.core5.io.CloseMode";
    private static final String OBJECT = "java.lang.Object";

    @Override
    public String name() {
        return "apache-httpclient-5";
    }

    @Override
    public String relocatable() {
        return "org.apache.hc";
    }

    @Override
    public String[] entryTypes() {
        return new String[] {
            MANAGER,
            ENDPOINT,
            BASIC,
            BASIC_ENDPOINT,
            CONNECTION,
            RUNTIME,
            RESPONSE,
            ENTITY,
            CLIENT,
            MINIMAL_CLIENT,
            STRICT,
            LAX,
            LAX_ROUTE,
            OFF_LOCK,
            OFF_LOCK_WAITER,
            ENTRY,
            FUTURE,
            HTTP1,
            EXECUTOR,
            STREAM,
            CHUNKED,
            FIXED_LENGTH,
            ENTITY_UTILS,
            AsyncClient5.MANAGER,
            AsyncClient5.ENDPOINT,
            AsyncClient5.CONNECTION,
            AsyncClient5.SHARING,
            AsyncClient5.RUNTIME,
            AsyncClient5.HTTP2_CLIENT,
            AsyncClient5.MINIMAL_HTTP2_CLIENT,
            AsyncClient5.COMPLEX_FUTURE,
            AsyncClient5.REACTOR,
            AsyncClient5.SESSION,
            AsyncClient5.TLS,
            AsyncClient5.COMMAND,
            AsyncClient5.HTTP1,
            AsyncClient5.HTTP1_WINDOW,
            AsyncClient5.HTTP1_HANDLER,
            AsyncClient5.HTTP2,
            AsyncClient5.HTTP2_CHANNEL,
            AsyncClient5.HTTP2_HANDLER
        };
    }

    @Override
    public List<Library> libraries() {
        return List.of(
                httpclient(),
                AsyncClient5.httpclient(),
                httpcore(),
                AsyncClient5.httpcore(),
                AsyncClient5.httpcoreHttp2(),
                AsyncClient5.http2Client());
    }

    private static Library httpclient() {
        return Library.client("httpclient5", "org.apache.httpcomponents.client5", "httpclient5")
                .versionIn("org/apache/hc/client5/version.properties")
                .before(FIRST_UNCHECKED)
                .weave(
                        type(MANAGER)
                                .hooks(
                                        onEveryConstructor().with(PoolAdvice.Built.class),
                                        on("lease", ANY, ROUTE, TIMEOUT, OBJECT).with(PoolAdvice.RouteAsked.class),
                                        on("setMaxPerRoute", ROUTE, "int").with(PoolAdvice.RouteLimited.class),
                                        on("release", LEASED, OBJECT, TIME_VALUE)
                                                .with(PoolAdvice.ReleasedByManager.class),
                                        on("closeExpired").with(PoolAdvice.CloseExpired.class),
                                        on("connect", LEASED, TIME_VALUE, CONTEXT)
                                                .with(ConnectionAdvice.Connecting.class),
                                        on("upgrade", LEASED, CONTEXT).with(ConnectionAdvice.Upgraded.class)),
                        type(ENDPOINT).carrying().hooks(onEveryConstructor().with(LeaseAdvice.Held.class)),
                        basic(),
                        type(BASIC_ENDPOINT)
                                .optional()
                                .carrying()
                                .hooks(
                                        onEveryConstructor().with(BasicAdvice.Held.class),
                                        onEvery("close").with(BasicAdvice.EndpointClosed.class)),
                        type(CONNECTION).carrying(),
                        type(RUNTIME)
                                .carrying()
                                .hooks(
                                        onEvery("acquireEndpoint").with(LeaseAdvice.Acquired.class),
                                        on("discardEndpoint").with(LeaseAdvice.Discarded.class),
                                        on("cancel").with(LeaseAdvice.Cancelled.class)),
                        type(RESPONSE)
                                .carrying()
                                .hooks(
                                        onConstructor(ANY, EXEC_RUNTIME).with(BodyAdvice.OfRuntime.class),
                                        on("close").with(BodyAdvice.ResponseClosed.class),
                                        on("close", CLOSE_MODE)
                                                .with(BodyAdvice.ResponseClosed.class)
                                                .optional()),
                        entity(),
                        type(CLIENT).hooks(onEvery("doExecute").with(LeaseAdvice.HandedOut.class)),
                        // As EntityUtils and the lax pool: left out by whoever minimises a jar and does not call it.
                        type(MINIMAL_CLIENT)
                                .optional()
                                .hooks(onEvery("doExecute").with(LeaseAdvice.HandedOut.class)));
    }

    private static WovenType basic() {
        return type(BASIC)
                .carrying()
                .optional()
                .hooks(
                        onEveryConstructor().with(BasicAdvice.Built.class),
                        on("getConnection", ROUTE, OBJECT).with(BasicAdvice.Leasing.class),
                        on("release", LEASED, OBJECT, TIME_VALUE).with(BasicAdvice.Release.class),
                        on("closeConnection", CLOSE_MODE).with(BasicAdvice.Closed.class),
                        on("checkExpiry").with(PoolAdvice.CloseExpired.class),
                        // From 5.1 on.
                        on("validate").with(PoolAdvice.CloseExpired.class).optional(),
                        on("closeIdle", TIME_VALUE).with(PoolAdvice.CloseIdle.class),
                        on("close", CLOSE_MODE).with(PoolAdvice.Closing.class),
                        on("connect", LEASED, TIME_VALUE, CONTEXT).with(ConnectionAdvice.Connecting.class),
                        on("upgrade", LEASED, CONTEXT).with(ConnectionAdvice.Upgraded.class));
    }

    private static WovenType entity() {
        String stream = "java.io.InputStream";
        return type(ENTITY)
                .carrying()
                .hooks(
                        onConstructor(ANY, EXEC_RUNTIME).with(BodyAdvice.OfRuntime.class),
                        on("eofDetected", stream).with(BodyAdvice.EndSeen.class),
                        on("streamClosed", stream).with(BodyAdvice.StreamClosed.class),
                        on("streamAbort", stream).with(BodyAdvice.StreamAborted.class),
                        on("writeTo", "java.io.OutputStream").with(BodyAdvice.WrittenTo.class),
                        // From 5.1.4 on; before, the entity that it wraps is closed, and the connection is not told.
                        on("close").with(BodyAdvice.StreamClosed.class).optional());
    }

    private static Library httpcore() {
        return Library.part("httpcore5", "org.apache.httpcomponents.core5", "httpcore5")
                .versionIn("org/apache/hc/core5/version.properties")
                .weave(strict(), lax(), laxRoute(), offLock(), offLockWaiter(), entry(), future())
                .weave(
                        type(HTTP1).hooks(on("isStale").with(ConnectionAdvice.StaleChecked.class)),
                        type(EXECUTOR)
                                .hooks(on("execute", ANY, ANY, ANY, CONTEXT).with(LeaseAdvice.Exchange.class)),
                        type(STREAM).hooks(onEvery("read").with(BodyAdvice.Read.class)),
                        rawStream(CHUNKED),
                        rawStream(FIXED_LENGTH),
                        type(ENTITY_UTILS)
                                .optional()
                                .hooks(on("consume", "org.apache.hc.core5.http.HttpEntity")
                                        .with(BodyAdvice.Consume.class)));
    }

    private static WovenType pool(String name) {
        return type(name)
                .carrying()
                .hooks(
                        on("lease", OBJECT, OBJECT, TIMEOUT, ANY).with(PoolAdvice.Leasing.class),
                        on("release", ENTRY, "boolean").with(PoolAdvice.Release.class),
                        on("close", CLOSE_MODE).with(PoolAdvice.Closing.class),
                        on("closeIdle", TIME_VALUE).with(PoolAdvice.CloseIdle.class),
                        on("setDefaultMaxPerRoute", "int").with(PoolAdvice.DefaultMaxPerRoute.class));
    }

    private static WovenType strict() {
        return pool(STRICT)
                .hooks(
                        on("processPendingRequest", ANY).with(PoolAdvice.Serving.class),
                        on("setMaxTotal", "int").with(PoolAdvice.MaxTotal.class),
                        on("setMaxPerRoute", OBJECT, "int").with(PoolAdvice.MaxPerRoute.class));
    }

    private static WovenType lax() {
        // A copy may be without it, because its owner has no use for it.
        return pool(LAX).optional().hooks(on("setMaxPerRoute", OBJECT, "int").with(PoolAdvice.LaxMaxPerRoute.class));
    }

    private static WovenType laxRoute() {
        return type(LAX_ROUTE).optional().hooks(onEveryConstructor().with(PoolAdvice.LaxRouteMade.class));
    }

    private static WovenType offLock() {
        return pool(OFF_LOCK)
                .optional()
                .hooks(
                        on("setMaxTotal", "int").with(PoolAdvice.MaxTotal.class),
                        on("setMaxPerRoute", OBJECT, "int").with(PoolAdvice.OffLockMaxPerRoute.class),
                        on("discardEntry", ENTRY, CLOSE_MODE).with(ConnectionAdvice.OffLockDiscarded.class));
    }

    private static WovenType offLockWaiter() {
        return type(OFF_LOCK_WAITER)
                .optional()
                .carrying()
                .hooks(
                        onEveryConstructor().with(WaitAdvice.Made.class),
                        on("get", "long", "java.util.concurrent.TimeUnit").with(WaitAdvice.OffLockGot.class));
    }

    private static WovenType entry() {
        return type(ENTRY)
                .carrying()
                .hooks(
                        onEvery("assignConnection").with(ConnectionAdvice.Assigned.class),
                        on("discardConnection", CLOSE_MODE).with(ConnectionAdvice.Discarded.class));
    }

    private static WovenType future() {
        return type(FUTURE)
                .carrying()
                .hooks(
                        onEveryConstructor().with(WaitAdvice.Made.class),
                        onEvery("completed").with(WaitAdvice.Completed.class),
                        onEvery("failed").with(WaitAdvice.Failed.class),
                        on("cancel", "boolean").with(WaitAdvice.Cancelled.class),
                        onEvery("get").with(WaitAdvice.Got.class));
    }

    private static WovenType rawStream(String name) {
        return type(name).hooks(on("read", "byte[]", "int", "int").with(BodyAdvice.RawRead.class));
    }
}

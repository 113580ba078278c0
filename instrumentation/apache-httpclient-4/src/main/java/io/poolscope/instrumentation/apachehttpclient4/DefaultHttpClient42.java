package io.poolscope.instrumentation.apachehttpclient4;

import static io.poolscope.instrumentation.Hook.ANY;
import static io.poolscope.instrumentation.Hook.on;
import static io.poolscope.instrumentation.Hook.onConstructor;
import static io.poolscope.instrumentation.Hook.onEveryConstructor;
import static io.poolscope.instrumentation.WovenType.type;

import io.poolscope.instrumentation.Library;

/**
 * The client of 4.2, {@code DefaultHttpClient} with its managers: which methods are woven. Later versions still have it,
 * deprecated, and programs still use it.
 */
final class DefaultHttpClient42 {

    static final String POOL = "org.apache.http.impl.conn.HttpConnPool";
    static final String POOL_ENTRY = "org.apache.http.impl.conn.HttpPoolEntry";
    static final String MANAGER = "org.apache.http.impl.conn.PoolingClientConnectionManager";
    static final String SINGLE_MANAGER = "org.apache.http.impl.conn.BasicClientConnectionManager";
    static final String MANAGED = "org.apache.http.impl.conn.ManagedClientConnectionImpl";
    static final String ENTITY = "org.apache.http.conn.BasicManagedEntity";
    static final String DIRECTOR = "org.apache.http.impl.client.DefaultRequestDirector";

    static final String OLD_POOL = "org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager";
    static final String OLD_SINGLE = "org.apache.http.impl.conn.SingleClientConnManager";

    private static final String GROUP = "org.apache.httpcomponents";
    private static final String VERSION = "org/apache/http/client/version.properties";

    private static final String ROUTE = "org.apache.http.conn.routing.HttpRoute";
    private static final String CONTEXT = "org.apache.http.protocol.HttpContext";
    private static final String PARAMS = "org.apache.http.params.HttpParams";
    private static final String HTTP_ENTITY = "org.apache.http.HttpEntity";
    private static final String MANAGED_CONNECTION = "org.apache.http.conn.ManagedClientConnection";
    private static final String STREAM = "java.io.InputStream";
    private static final String OBJECT = "java.lang.Object";
    private static final String TIME_UNIT = "java.util.concurrent.TimeUnit";

    private DefaultHttpClient42() {}

    /** The pool of 4.0 and 4.1, where something better stands beside it; where it does not, the whole client is not watched. */
    static Library oldPool() {
        return Library.unwatched(
                        "httpclient's ThreadSafeClientConnManager",
                        GROUP,
                        "httpclient",
                        "it is a pool of its own, deprecated since 4.2; PoolingClientConnectionManager is watched")
                .versionIn(VERSION)
                .weave(type(OLD_POOL), type(MANAGER));
    }

    /** The manager of one connection of 4.0 and 4.1, in the same way. */
    static Library oldSingle() {
        return Library.unwatched(
                        "httpclient's SingleClientConnManager",
                        GROUP,
                        "httpclient",
                        "it is deprecated since 4.2; BasicClientConnectionManager is watched")
                .versionIn(VERSION)
                .weave(type(OLD_SINGLE), type(SINGLE_MANAGER));
    }

    static Library library() {
        return Library.client("httpclient", GROUP, "httpclient")
                .versionIn(VERSION)
                .weave(
                        type(POOL)
                                .hooks(onConstructor(ANY, ANY, "int", "int", "long", TIME_UNIT)
                                        .with(PoolAdvice.BuiltIn42.class)),
                        type(MANAGER)
                                .hooks(
                                        on("requestConnection", ROUTE, OBJECT).with(PoolAdvice.RouteAsked.class),
                                        on("setMaxPerRoute", ROUTE, "int").with(PoolAdvice.RouteAsked.class)),
                        type(SINGLE_MANAGER)
                                .carrying()
                                .hooks(
                                        onEveryConstructor().with(SingleAdvice.Built.class),
                                        on("requestConnection", ROUTE, OBJECT).with(SingleAdvice.RouteAsked.class),
                                        on("getConnection", ROUTE, OBJECT).with(SingleAdvice.AskedIn42.class),
                                        on("releaseConnection", MANAGED_CONNECTION, "long", TIME_UNIT)
                                                .with(SingleAdvice.ReleasedIn42.class),
                                        on("closeIdleConnections", "long", TIME_UNIT)
                                                .with(PoolAdvice.CloseIdle.class),
                                        on("shutdown").with(SingleAdvice.ShutdownIn42.class)),
                        type(POOL_ENTRY)
                                .hooks(
                                        on("close").with(ConnectionAdvice.Closed.class),
                                        on("isClosed").with(ManagedAdvice.FoundClosed.class)),
                        type(MANAGED)
                                .carrying()
                                .hooks(
                                        onConstructor(ANY, ANY, POOL_ENTRY).with(ManagedAdvice.Made.class),
                                        on("open", ROUTE, CONTEXT, PARAMS).with(ManagedAdvice.Opening.class),
                                        on("close").with(ManagedAdvice.Closed.class),
                                        on("shutdown").with(ManagedAdvice.Closed.class),
                                        on("abortConnection").with(ManagedAdvice.Aborted.class)),
                        type(ENTITY)
                                .carrying()
                                .hooks(
                                        onConstructor(HTTP_ENTITY, MANAGED_CONNECTION, "boolean")
                                                .with(ManagedAdvice.Wrapped.class),
                                        on("eofDetected", STREAM).with(BodyAdvice.EndSeen.class),
                                        on("streamClosed", STREAM).with(BodyAdvice.StreamClosed.class),
                                        on("streamAbort", STREAM).with(BodyAdvice.StreamAborted.class),
                                        on("writeTo", "java.io.OutputStream").with(BodyAdvice.WrittenTo.class)),
                        type(DIRECTOR)
                                .hooks(
                                        on(
                                                        "execute",
                                                        "org.apache.http.HttpHost",
                                                        "org.apache.http.HttpRequest",
                                                        CONTEXT)
                                                .with(ManagedAdvice.HandedOut.class),
                                        on("establishRoute", ROUTE, CONTEXT).with(ManagedAdvice.RouteEstablished.class),
                                        on("abortConnection").with(ManagedAdvice.Failed.class)));
    }
}

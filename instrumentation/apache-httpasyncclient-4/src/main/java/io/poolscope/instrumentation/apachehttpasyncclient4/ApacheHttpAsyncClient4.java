package io.poolscope.instrumentation.apachehttpasyncclient4;

import static io.poolscope.instrumentation.Hook.ANY;
import static io.poolscope.instrumentation.Hook.on;
import static io.poolscope.instrumentation.Hook.onConstructor;
import static io.poolscope.instrumentation.WovenType.type;

import io.poolscope.instrumentation.ClientInstrumentation;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import java.util.List;

/**
 * Apache HttpAsyncClient 4.0 and 4.1: which methods are woven. In 4.0 each sort of exchange had methods of its own for its
 * connection, from 4.1 on they have them from a common class. Checked against the sources of 4.0.2, 4.1 and 4.1.5, and by
 * the conformance kit.
 */
public final class ApacheHttpAsyncClient4 implements ClientInstrumentation {

    private static final String CPOOL = "org.apache.http.impl.nio.conn.CPool";
    private static final String CPOOL_ENTRY = "org.apache.http.impl.nio.conn.CPoolEntry";
    private static final String CPOOL_PROXY = "org.apache.http.impl.nio.conn.CPoolProxy";
    private static final String MANAGER = "org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager";
    private static final String RESOLVER = MANAGER + "$InternalAddressResolver";
    private static final String MANAGED = "org.apache.http.impl.nio.conn.ManagedNHttpClientConnectionImpl";
    private static final String EXCHANGE = "org.apache.http.impl.nio.client.AbstractClientExchangeHandler";
    private static final String EXCHANGE_4_0 = "org.apache.http.impl.nio.client.DefaultClientExchangeHandlerImpl";

    private static final String POOL = "org.apache.http.nio.pool.AbstractNIOConnPool";
    private static final String LEASE_REQUEST = "org.apache.http.nio.pool.LeaseRequest";
    private static final String ROUTE_POOL = "org.apache.http.nio.pool.RouteSpecificPool";
    private static final String SESSION_REQUEST = "org.apache.http.impl.nio.reactor.SessionRequestImpl";
    private static final String CONNECTION_BASE = "org.apache.http.impl.nio.NHttpConnectionBase";
    private static final String CONNECTION = "org.apache.http.impl.nio.DefaultNHttpClientConnection";
    private static final String EVENTS = "org.apache.http.nio.protocol.HttpAsyncRequestExecutor";
    private static final String TLS = "org.apache.http.nio.reactor.ssl.SSLIOSession";

    private static final String FUTURE = "org.apache.http.concurrent.BasicFuture";

    private static final String ROUTE = "org.apache.http.conn.routing.HttpRoute";
    private static final String CLIENT_CONNECTION = "org.apache.http.nio.NHttpClientConnection";
    private static final String ENTRY = "org.apache.http.pool.PoolEntry";
    private static final String SESSION = "org.apache.http.nio.reactor.IOSession";
    private static final String CALLBACK = "org.apache.http.concurrent.FutureCallback";
    private static final String OBJECT = "java.lang.Object";
    private static final String EXCEPTION = "java.lang.Exception";
    private static final String TIME_UNIT = "java.util.concurrent.TimeUnit";

    @Override
    public String name() {
        return "apache-httpasyncclient-4";
    }

    @Override
    public String relocatable() {
        return "org.apache.http";
    }

    @Override
    public String[] entryTypes() {
        return new String[] {
            CPOOL,
            CPOOL_ENTRY,
            CPOOL_PROXY,
            MANAGER,
            RESOLVER,
            MANAGED,
            EXCHANGE,
            EXCHANGE_4_0,
            POOL,
            LEASE_REQUEST,
            ROUTE_POOL,
            SESSION_REQUEST,
            CONNECTION_BASE,
            CONNECTION,
            EVENTS,
            TLS,
            FUTURE
        };
    }

    @Override
    public List<Library> libraries() {
        return List.of(httpasyncclient(), httpcoreNio(), httpcore());
    }

    private static Library httpasyncclient() {
        return Library.client("httpasyncclient", "org.apache.httpcomponents", "httpasyncclient")
                .versionIn("org/apache/http/nio/client/version.properties")
                .weave(
                        type(CPOOL)
                                .hooks(onConstructor(ANY, ANY, ANY, "int", "int", "long", TIME_UNIT)
                                        .with(PoolAdvice.Built.class)),
                        type(MANAGER)
                                .hooks(
                                        on("requestConnection", ROUTE, OBJECT, "long", "long", TIME_UNIT, CALLBACK)
                                                .with(PoolAdvice.RouteAsked.class),
                                        on("setMaxPerRoute", ROUTE, "int").with(PoolAdvice.RouteAsked.class)),
                        type(RESOLVER).hooks(on("resolveRemoteAddress", ROUTE).with(RequestAdvice.Resolving.class)),
                        type(CPOOL_ENTRY)
                                .carrying()
                                .hooks(on("isExpired", "long").with(ConnectionAdvice.Expired.class)),
                        type(CPOOL_PROXY)
                                .carrying()
                                .hooks(onConstructor(CPOOL_ENTRY).with(ConnectionAdvice.Proxied.class)),
                        type(MANAGED).carrying().hooks(on("bind", SESSION).with(ConnectionAdvice.Securing.class)))
                .weaveOneOf(exchange(EXCHANGE), exchange(EXCHANGE_4_0));
    }

    private static WovenType exchange(String name) {
        return type(name)
                .carrying()
                .hooks(
                        on("requestConnection").with(ExchangeAdvice.Asking.class),
                        on("connectionAllocated", CLIENT_CONNECTION).with(ExchangeAdvice.Allocated.class),
                        on("releaseConnection").with(ExchangeAdvice.Released.class),
                        on("discardConnection").with(ExchangeAdvice.Discarded.class),
                        on("failed", EXCEPTION).with(ExchangeAdvice.Failed.class),
                        on("cancel").with(ExchangeAdvice.Cancelled.class));
    }

    private static Library httpcoreNio() {
        return Library.part("httpcore-nio", "org.apache.httpcomponents", "httpcore-nio")
                .versionIn("org/apache/http/nio/version.properties")
                .weave(
                        type(POOL)
                                .carrying()
                                .hooks(
                                        on("lease", OBJECT, OBJECT, "long", "long", TIME_UNIT, CALLBACK)
                                                .with(PoolAdvice.Leasing.class),
                                        on("release", ENTRY, "boolean").with(PoolAdvice.Release.class),
                                        on("shutdown", "long").with(PoolAdvice.Shutdown.class),
                                        on("closeIdle", "long", TIME_UNIT).with(PoolAdvice.CloseIdle.class),
                                        on("processPendingRequests").with(PoolAdvice.ServingTheQueue.class),
                                        on("setMaxTotal", "int").with(PoolAdvice.MaxTotal.class),
                                        on("setDefaultMaxPerRoute", "int").with(PoolAdvice.DefaultMaxPerRoute.class),
                                        on("setMaxPerRoute", OBJECT, "int").with(PoolAdvice.MaxPerRoute.class)),
                        type(LEASE_REQUEST)
                                .hooks(
                                        onConstructor(OBJECT, OBJECT, "long", "long", FUTURE)
                                                .with(RequestAdvice.Made.class),
                                        on("completed", ENTRY).with(RequestAdvice.Granted.class)),
                        type(ROUTE_POOL)
                                .hooks(
                                        on("addPending", ANY, FUTURE).with(RequestAdvice.Connecting.class),
                                        on("completed", ANY, ENTRY).with(RequestAdvice.Connected.class),
                                        on("cancelled", ANY).with(RequestAdvice.NotConnected.class)),
                        type(SESSION_REQUEST).carrying(),
                        type(CONNECTION_BASE)
                                .hooks(
                                        on("close").with(ConnectionAdvice.Closed.class),
                                        on("shutdown").with(ConnectionAdvice.Closed.class),
                                        on("suspendInput").with(ConnectionAdvice.InputSuspended.class),
                                        on("requestInput").with(ConnectionAdvice.InputRequested.class)),
                        type(CONNECTION)
                                .hooks(on("submitRequest", "org.apache.http.HttpRequest")
                                        .with(ConnectionAdvice.RequestSubmitted.class)),
                        type(EVENTS)
                                .hooks(
                                        on("responseReceived", CLIENT_CONNECTION)
                                                .with(EventAdvice.ResponseReceived.class),
                                        on("inputReady", CLIENT_CONNECTION, ANY).with(EventAdvice.InputReady.class),
                                        on("processResponse", CLIENT_CONNECTION, ANY, ANY)
                                                .with(EventAdvice.ResponseProcessed.class),
                                        on("endOfInput", CLIENT_CONNECTION).with(EventAdvice.EndOfInput.class),
                                        on("timeout", CLIENT_CONNECTION).with(EventAdvice.TimedOut.class),
                                        on("exception", CLIENT_CONNECTION, EXCEPTION)
                                                .with(EventAdvice.Failed.class),
                                        on("closed", CLIENT_CONNECTION).with(EventAdvice.Closed.class)),
                        type(TLS).carrying().hooks(on("isAppOutputReady").with(ConnectionAdvice.Secured.class)));
    }

    private static Library httpcore() {
        return Library.part("httpcore", "org.apache.httpcomponents", "httpcore")
                .versionIn("org/apache/http/version.properties")
                .weave(type(FUTURE)
                        .carrying()
                        .hooks(
                                on("completed", OBJECT).with(RequestAdvice.Completed.class),
                                on("failed", EXCEPTION).with(RequestAdvice.Failed.class),
                                on("cancel", "boolean").with(RequestAdvice.Cancelled.class)));
    }
}

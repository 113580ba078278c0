package io.poolscope.instrumentation.apachehttpclient4;

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
 * Apache HttpClient 4.2 to 4.5: which methods are woven. Checked against the sources of 4.2.6, 4.3.3, 4.3.6, 4.5 and 4.5.14,
 * and by the conformance kit.
 *
 * <p>4.3 brought a new client, and kept the one of 4.2 ({@link DefaultHttpClient42}). Each is a library by itself, so that a
 * version is watched that has but one of them; what both use is a part.
 */
public final class ApacheHttpClient4 implements ClientInstrumentation {

    private static final String CPOOL = "org.apache.http.impl.conn.CPool";
    private static final String CPOOL_ENTRY = "org.apache.http.impl.conn.CPoolEntry";
    private static final String CPOOL_PROXY = "org.apache.http.impl.conn.CPoolProxy";
    private static final String MANAGER = "org.apache.http.impl.conn.PoolingHttpClientConnectionManager";
    private static final String SINGLE_MANAGER = "org.apache.http.impl.conn.BasicHttpClientConnectionManager";
    private static final String SINGLE_CONNECTION = "org.apache.http.impl.conn.DefaultManagedHttpClientConnection";
    private static final String HOLDER = "org.apache.http.impl.execchain.ConnectionHolder";
    private static final String RESPONSE = "org.apache.http.impl.execchain.HttpResponseProxy";
    private static final String RESPONSE_4_3_0 = "org.apache.http.impl.execchain.ResponseProxyHandler";
    private static final String ENTITY = "org.apache.http.impl.execchain.ResponseEntityProxy";
    private static final String ENTITY_4_3_0 = "org.apache.http.impl.execchain.ResponseEntityWrapper";
    private static final String REQUEST = "org.apache.http.client.methods.AbstractExecutionAwareRequest";
    private static final String REQUEST_4_2 = "org.apache.http.client.methods.HttpRequestBase";
    private static final String EXEC = "org.apache.http.impl.execchain.MainClientExec";
    private static final String STREAM = "org.apache.http.conn.EofSensorInputStream";
    private static final String CLIENT = "org.apache.http.impl.client.InternalHttpClient";
    private static final String MINIMAL_CLIENT = "org.apache.http.impl.client.MinimalHttpClient";

    private static final String POOL = "org.apache.http.pool.AbstractConnPool";
    private static final String ENTRY = "org.apache.http.pool.PoolEntry";
    private static final String EXECUTOR = "org.apache.http.protocol.HttpRequestExecutor";
    private static final String CHUNKED = "org.apache.http.impl.io.ChunkedInputStream";
    private static final String FIXED_LENGTH = "org.apache.http.impl.io.ContentLengthInputStream";
    private static final String ENTITY_UTILS = "org.apache.http.util.EntityUtils";

    private static final String ROUTE = "org.apache.http.conn.routing.HttpRoute";
    private static final String CONNECTION = "org.apache.http.HttpClientConnection";
    private static final String CONTEXT = "org.apache.http.protocol.HttpContext";
    private static final String OBJECT = "java.lang.Object";
    private static final String TIME_UNIT = "java.util.concurrent.TimeUnit";

    @Override
    public String name() {
        return "apache-httpclient-4";
    }

    @Override
    public String relocatable() {
        return "org.apache.http";
    }

    @Override
    public String[] entryTypes() {
        return new String[] {
            CPOOL,
            SINGLE_MANAGER,
            SINGLE_CONNECTION,
            CPOOL_ENTRY,
            CPOOL_PROXY,
            MANAGER,
            HOLDER,
            RESPONSE,
            RESPONSE_4_3_0,
            ENTITY,
            ENTITY_4_3_0,
            EXEC,
            CLIENT,
            MINIMAL_CLIENT,
            POOL,
            ENTRY,
            EXECUTOR,
            CHUNKED,
            FIXED_LENGTH,
            ENTITY_UTILS,
            STREAM,
            REQUEST,
            REQUEST_4_2,
            DefaultHttpClient42.POOL,
            DefaultHttpClient42.POOL_ENTRY,
            DefaultHttpClient42.MANAGER,
            DefaultHttpClient42.SINGLE_MANAGER,
            DefaultHttpClient42.MANAGED,
            DefaultHttpClient42.ENTITY,
            DefaultHttpClient42.DIRECTOR
        };
    }

    @Override
    public List<Library> libraries() {
        return List.of(httpclient(), DefaultHttpClient42.library(), common(), httpcore());
    }

    private static Library httpclient() {
        return Library.client("httpclient", "org.apache.httpcomponents", "httpclient")
                .versionIn("org/apache/http/client/version.properties")
                .weave(
                        type(CPOOL)
                                .hooks(
                                        onConstructor(ANY, "int", "int", "long", TIME_UNIT)
                                                .with(PoolAdvice.Built.class),
                                        // From 4.4 on the pool validates connections that were idle; 4.3 asks each
                                        // time.
                                        onEvery("validate")
                                                .with(ConnectionAdvice.Validated.class)
                                                .optional()),
                        type(MANAGER)
                                .hooks(
                                        on("requestConnection", ROUTE, OBJECT).with(PoolAdvice.RouteAsked.class),
                                        on("setMaxPerRoute", ROUTE, "int").with(PoolAdvice.RouteAsked.class),
                                        on("connect", CONNECTION, ROUTE, "int", CONTEXT)
                                                .with(ConnectionAdvice.Connecting.class),
                                        on("upgrade", CONNECTION, ROUTE, CONTEXT)
                                                .with(ConnectionAdvice.Upgrading.class),
                                        on("routeComplete", CONNECTION, ROUTE, CONTEXT)
                                                .with(ConnectionAdvice.Connected.class)),
                        type(SINGLE_MANAGER)
                                .carrying()
                                .hooks(
                                        onEveryConstructor().with(SingleAdvice.Built.class),
                                        on("requestConnection", ROUTE, OBJECT).with(SingleAdvice.RouteAsked.class),
                                        on("getConnection", ROUTE, OBJECT).with(SingleAdvice.Asked.class),
                                        on("connect", CONNECTION, ROUTE, "int", CONTEXT)
                                                .with(ConnectionAdvice.Connecting.class),
                                        on("upgrade", CONNECTION, ROUTE, CONTEXT)
                                                .with(ConnectionAdvice.Upgrading.class),
                                        on("routeComplete", CONNECTION, ROUTE, CONTEXT)
                                                .with(ConnectionAdvice.Connected.class),
                                        on("releaseConnection", CONNECTION, OBJECT, "long", TIME_UNIT)
                                                .with(SingleAdvice.Released.class),
                                        on("checkExpiry").with(SingleAdvice.Expiring.class),
                                        on("closeConnection").with(SingleAdvice.Closing.class),
                                        on("closeIdleConnections", "long", TIME_UNIT)
                                                .with(PoolAdvice.CloseIdle.class),
                                        on("close").with(SingleAdvice.Shutdown.class),
                                        on("shutdown").with(SingleAdvice.Shutdown.class))
                                .optional(),
                        type(SINGLE_CONNECTION).carrying().optional(),
                        type(CPOOL_ENTRY)
                                .hooks(
                                        on("closeConnection").with(ConnectionAdvice.Closed.class),
                                        on("shutdownConnection").with(ConnectionAdvice.Closed.class)),
                        type(CPOOL_PROXY)
                                .carrying()
                                .hooks(onConstructor(CPOOL_ENTRY).with(ConnectionAdvice.Proxied.class)),
                        type(HOLDER)
                                .carrying()
                                .hooks(
                                        onConstructor(ANY, ANY, CONNECTION).with(LeaseAdvice.Held.class),
                                        on("cancel").with(LeaseAdvice.Cancelled.class),
                                        on("abortConnection").with(LeaseAdvice.Aborted.class)))
                .weaveOneOf(
                        type(RESPONSE)
                                .carrying()
                                .hooks(
                                        onConstructor(ANY, HOLDER).with(BodyAdvice.OfHolder.class),
                                        on("close").with(BodyAdvice.ResponseClosed.class)),
                        type(RESPONSE_4_3_0)
                                .carrying()
                                .hooks(
                                        onConstructor(ANY, HOLDER).with(BodyAdvice.OfHolder.class),
                                        on("close").with(BodyAdvice.ResponseClosed.class)))
                .weaveOneOf(entity(ENTITY), entity(ENTITY_4_3_0))
                .weave(
                        type(EXEC)
                                .hooks(onEvery("createTunnelToTarget")
                                        .with(ConnectionAdvice.Tunnelling.class)
                                        .optional()),
                        type(CLIENT).hooks(onEvery("doExecute").with(LeaseAdvice.HandedOut.class)),
                        // As EntityUtils: left out by whoever minimises a jar and does not call it.
                        type(MINIMAL_CLIENT)
                                .optional()
                                .hooks(onEvery("doExecute").with(LeaseAdvice.HandedOut.class)));
    }

    private static WovenType entity(String name) {
        String stream = "java.io.InputStream";
        return type(name)
                .carrying()
                .hooks(
                        onConstructor(ANY, HOLDER).with(BodyAdvice.OfHolder.class),
                        on("eofDetected", stream).with(BodyAdvice.EndSeen.class),
                        on("streamClosed", stream).with(BodyAdvice.StreamClosed.class),
                        on("streamAbort", stream).with(BodyAdvice.StreamAborted.class),
                        on("writeTo", "java.io.OutputStream").with(BodyAdvice.WrittenTo.class));
    }

    /** What the clients of 4.2 and of later versions share. */
    private static Library common() {
        return Library.part("httpclient", "org.apache.httpcomponents", "httpclient")
                .versionIn("org/apache/http/client/version.properties")
                .weave(type(STREAM).hooks(onEvery("read").with(BodyAdvice.Read.class)))
                .weaveOneOf(
                        type(REQUEST).hooks(on("reset").with(LeaseAdvice.Reset.class)),
                        type(REQUEST_4_2).hooks(on("reset").with(LeaseAdvice.Reset.class)));
    }

    private static Library httpcore() {
        return Library.part("httpcore", "org.apache.httpcomponents", "httpcore")
                .versionIn("org/apache/http/version.properties")
                .weave(
                        type(POOL)
                                .carrying()
                                .hooks(
                                        // The fifth parameter is PoolEntryFuture up to 4.4.5, Future from 4.4.6 on.
                                        on("getPoolEntryBlocking", OBJECT, OBJECT, "long", TIME_UNIT, ANY)
                                                .with(PoolAdvice.Acquire.class),
                                        on("release", ENTRY, "boolean").with(PoolAdvice.Release.class),
                                        on("shutdown").with(PoolAdvice.Shutdown.class),
                                        on("closeIdle", "long", TIME_UNIT).with(PoolAdvice.CloseIdle.class),
                                        on("setMaxTotal", "int").with(PoolAdvice.MaxTotal.class),
                                        on("setDefaultMaxPerRoute", "int").with(PoolAdvice.DefaultMaxPerRoute.class),
                                        on("setMaxPerRoute", OBJECT, "int").with(PoolAdvice.MaxPerRoute.class)),
                        type(ENTRY).carrying().hooks(on("isExpired", "long").with(ConnectionAdvice.Expired.class)),
                        type(EXECUTOR)
                                .hooks(
                                        onEvery("doSendRequest").with(LeaseAdvice.RequestSent.class),
                                        onEvery("doReceiveResponse").with(LeaseAdvice.ResponseReceived.class)),
                        rawStream(CHUNKED),
                        rawStream(FIXED_LENGTH),
                        type(ENTITY_UTILS)
                                .optional()
                                .hooks(on("consume", "org.apache.http.HttpEntity")
                                        .with(BodyAdvice.Consume.class)));
    }

    private static WovenType rawStream(String name) {
        return type(name).hooks(on("read", "byte[]", "int", "int").with(BodyAdvice.RawRead.class));
    }
}

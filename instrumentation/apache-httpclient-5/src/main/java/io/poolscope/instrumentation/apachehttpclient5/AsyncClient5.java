package io.poolscope.instrumentation.apachehttpclient5;

import static io.poolscope.instrumentation.Hook.ANY;
import static io.poolscope.instrumentation.Hook.on;
import static io.poolscope.instrumentation.Hook.onConstructor;
import static io.poolscope.instrumentation.Hook.onEvery;
import static io.poolscope.instrumentation.Hook.onEveryConstructor;
import static io.poolscope.instrumentation.WovenType.type;

import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;

/**
 * The asynchronous client of Apache HttpClient 5: which methods are woven. It lies in one jar with the blocking one, has the
 * same pools, and is found and given up by itself. Checked against the sources of 5.0, 5.1.3, 5.1.4, 5.2, 5.3.1, 5.4.4, 5.5.2
 * and 5.6.4, of the versions of core that these declare, and by the conformance kit.
 */
final class AsyncClient5 {

    /** As pools are called by it, and by which the engine knows it. */
    static final String LABEL = "httpclient5-async";

    static final String MANAGER = "org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager";
    static final String ENDPOINT = MANAGER + "$InternalConnectionEndpoint";
    static final String CONNECTION = "org.apache.hc.client5.http.impl.nio.DefaultManagedAsyncClientConnection";
    static final String SHARING = "org.apache.hc.client5.http.impl.nio.H2SharingConnPool";
    static final String HTTP2_CLIENT = "org.apache.hc.client5.http.impl.async.InternalH2AsyncClient";
    static final String MINIMAL_HTTP2_CLIENT = "org.apache.hc.client5.http.impl.async.MinimalH2AsyncClient";
    static final String RUNTIME = "org.apache.hc.client5.http.impl.async.InternalHttpAsyncExecRuntime";

    static final String COMPLEX_FUTURE = "org.apache.hc.core5.concurrent.ComplexFuture";
    static final String REACTOR = "org.apache.hc.core5.reactor.SingleCoreIOReactor";
    static final String SESSION = "org.apache.hc.core5.reactor.InternalDataChannel";
    static final String TLS = "org.apache.hc.core5.reactor.ssl.SSLIOSession";
    static final String COMMAND = "org.apache.hc.core5.http.nio.command.RequestExecutionCommand";
    static final String HTTP1 = "org.apache.hc.core5.http.impl.nio.AbstractHttp1StreamDuplexer";
    static final String HTTP1_WINDOW = HTTP1 + "$CapacityWindow";
    static final String HTTP1_HANDLER = "org.apache.hc.core5.http.impl.nio.ClientHttp1StreamHandler";
    static final String HTTP2 = "org.apache.hc.core5.http2.impl.nio.AbstractH2StreamMultiplexer";
    static final String HTTP2_CHANNEL = HTTP2 + "$H2StreamChannelImpl";
    static final String HTTP2_HANDLER = "org.apache.hc.core5.http2.impl.nio.ClientH2StreamHandler";

    private static final String ROUTE = "org.apache.hc.client5.http.HttpRoute";
    private static final String LEASED = "org.apache.hc.client5.http.nio.AsyncConnectionEndpoint";
    private static final String TIMEOUT = "org.apache.hc.core5.util.Timeout";
    private static final String TIME_VALUE = "org.apache.hc.core5.util.TimeValue";
    private static final String CLOSE_MODE = "org.apache.hc.core5.io.CloseMode";
    private static final String OBJECT = "java.lang.Object";
    private static final String EXCEPTION = "java.lang.Exception";
    private static final String BYTES = "java.nio.ByteBuffer";

    private AsyncClient5() {}

    static Library httpclient() {
        return Library.client(LABEL, "org.apache.httpcomponents.client5", "httpclient5")
                .versionIn("org/apache/hc/client5/version.properties")
                .before(ApacheHttpClient5.FIRST_UNCHECKED)
                .weave(
                        type(MANAGER)
                                .hooks(
                                        onEveryConstructor().with(AsyncManagerAdvice.Built.class),
                                        on("lease", ANY, ROUTE, OBJECT, TIMEOUT, ANY)
                                                .with(AsyncManagerAdvice.Leasing.class),
                                        on("setMaxPerRoute", ROUTE, "int").with(PoolAdvice.RouteLimited.class),
                                        on("release", LEASED, OBJECT, TIME_VALUE)
                                                .with(AsyncManagerAdvice.Released.class),
                                        on("connect", LEASED, ANY, TIMEOUT, ANY, ANY, ANY)
                                                .with(AsyncManagerAdvice.Connecting.class),
                                        on("closeExpired").with(PoolAdvice.CloseExpired.class)),
                        type(ENDPOINT)
                                .carrying()
                                .hooks(
                                        onEveryConstructor().with(AsyncManagerAdvice.Held.class),
                                        on("execute", ANY, ANY, ANY, ANY).with(AsyncManagerAdvice.Executing.class)),
                        type(CONNECTION).carrying().hooks(onConstructor(ANY).with(AsyncSessionAdvice.Wrapped.class)),
                        type(SHARING)
                                .optional()
                                .carrying()
                                .hooks(onConstructor(ANY).with(AsyncManagerAdvice.Sharing.class)),
                        type(RUNTIME)
                                .carrying()
                                .hooks(
                                        onEvery("acquireEndpoint").with(AsyncRuntimeAdvice.Asking.class),
                                        on("releaseEndpoint").with(AsyncRuntimeAdvice.Released.class),
                                        on("discardEndpoint").with(AsyncRuntimeAdvice.Discarded.class),
                                        on("fork").with(AsyncRuntimeAdvice.Forked.class)));
    }

    /** What only this client has of core; a copy of the blocking client may be without all of it. */
    static Library httpcore() {
        return Library.part("httpcore5's reactor", "org.apache.httpcomponents.core5", "httpcore5")
                .versionIn("org/apache/hc/core5/version.properties")
                .weave(
                        type(COMPLEX_FUTURE)
                                .optional()
                                .hooks(on("cancel", "boolean").with(AsyncRuntimeAdvice.Cancelling.class)),
                        type(REACTOR)
                                .optional()
                                .hooks(on("initiateSessionShutdown").with(AsyncSessionAdvice.ReactorStopping.class)),
                        type(SESSION)
                                .optional()
                                .carrying()
                                .hooks(onEvery("startTls").with(AsyncSessionAdvice.Securing.class)),
                        type(TLS)
                                .optional()
                                .carrying()
                                .hooks(onEvery("doHandshake").with(AsyncSessionAdvice.Secured.class)),
                        type(COMMAND)
                                .optional()
                                .carrying()
                                .hooks(
                                        onEveryConstructor().with(AsyncExchangeAdvice.Commanded.class),
                                        on("getExchangeHandler").with(AsyncExchangeAdvice.Taken.class),
                                        on("failed", EXCEPTION).with(AsyncExchangeAdvice.CommandFailed.class),
                                        on("cancel").with(AsyncExchangeAdvice.CommandCancelled.class)),
                        type(HTTP1)
                                .optional()
                                .hooks(
                                        on("onDisconnect").with(AsyncSessionAdvice.Disconnected.class),
                                        on("requestShutdown", CLOSE_MODE).with(AsyncSessionAdvice.ShuttingDown.class)),
                        type(HTTP1_WINDOW)
                                .optional()
                                .hooks(on("update", "int").with(AsyncExchangeAdvice.CapacityAdded.class)),
                        handler(HTTP1_HANDLER)
                                .hooks(
                                        onEveryConstructor().with(AsyncExchangeAdvice.Handled.class),
                                        on("consumeHeader", ANY, ANY).with(AsyncExchangeAdvice.ResponseReceived.class),
                                        on("consumeData", BYTES).with(AsyncExchangeAdvice.DataReceived.class),
                                        on("updateCapacity", ANY).with(AsyncExchangeAdvice.CapacityUsed.class)));
    }

    static Library httpcoreHttp2() {
        return Library.part("httpcore5-h2", "org.apache.httpcomponents.core5", "httpcore5-h2")
                .weave(
                        type(HTTP2)
                                .optional()
                                .hooks(
                                        on("onDisconnect").with(AsyncSessionAdvice.Disconnected.class),
                                        on("applyRemoteSettings", ANY).with(AsyncSessionAdvice.Settings.class)),
                        type(HTTP2_CHANNEL)
                                .optional()
                                .carrying()
                                .hooks(on("update", "int").with(AsyncExchangeAdvice.StreamCapacityAdded.class)),
                        handler(HTTP2_HANDLER)
                                .hooks(
                                        onEveryConstructor().with(AsyncExchangeAdvice.StreamHandled.class),
                                        on("consumeHeader", ANY, "boolean")
                                                .with(AsyncExchangeAdvice.StreamReceived.class),
                                        on("consumeData", BYTES, "boolean")
                                                .with(AsyncExchangeAdvice.DataReceived.class),
                                        on("updateInputCapacity").with(AsyncExchangeAdvice.CapacityUsed.class)));
    }

    /** The client for HTTP/2 alone, whose pool hands nothing out and takes nothing back: there is nothing to watch. */
    static Library http2Client() {
        return Library.unwatched(
                        "httpclient5's client for HTTP/2 alone",
                        "org.apache.httpcomponents.client5",
                        "httpclient5",
                        "it has one connection for each host, which nobody waits for; HttpAsyncClients.custom() is watched,"
                                + " with HTTP/2, too")
                .versionIn("org/apache/hc/client5/version.properties")
                .weave(type(HTTP2_CLIENT), type(MINIMAL_HTTP2_CLIENT));
    }

    private static WovenType handler(String name) {
        return type(name)
                .optional()
                .carrying()
                .hooks(
                        on("commitRequest", ANY, ANY).with(AsyncExchangeAdvice.RequestCommitted.class),
                        on("failed", EXCEPTION).with(AsyncExchangeAdvice.Failed.class));
    }
}

package io.poolscope.instrumentation.okhttp;

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
 * OkHttp 4 and 5: which methods are woven. Three generations of classes: up to 4.3 a {@code Transmitter} holds the
 * connection of a call, from 4.4 on the {@code RealCall} itself does, and from 5.0 on a {@code ConnectPlan} connects. Kotlin
 * adds {@code $okhttp} to the names of methods that are internal, which they have been on and off. Checked against the
 * sources of 4.0.1, 4.12.0, 5.0.0 and 5.5.1, and by the conformance kit.
 */
public final class OkHttp implements ClientInstrumentation {

    private static final String CONNECTION_POOL = "okhttp3.ConnectionPool";
    private static final String DISPATCHER = "okhttp3.Dispatcher";
    private static final String CALL_4_0 = "okhttp3.RealCall";
    private static final String ASYNC_CALL_4_0 = "okhttp3.RealCall$AsyncCall";
    private static final String TRANSMITTER = "okhttp3.internal.connection.Transmitter";
    private static final String CALL = "okhttp3.internal.connection.RealCall";
    private static final String ASYNC_CALL = "okhttp3.internal.connection.RealCall$AsyncCall";
    private static final String POOL = "okhttp3.internal.connection.RealConnectionPool";
    private static final String CONNECTION = "okhttp3.internal.connection.RealConnection";
    private static final String EXCHANGE = "okhttp3.internal.connection.Exchange";
    private static final String BODY = "okhttp3.internal.connection.Exchange$ResponseBodySource";
    private static final String CONNECT_PLAN = "okhttp3.internal.connection.ConnectPlan";
    private static final String CONNECT_RESULT = "okhttp3.internal.connection.RoutePlanner$ConnectResult";
    private static final String FAST_FALLBACK = "okhttp3.internal.connection.FastFallbackExchangeFinder";

    private static final String REQUEST = "okhttp3.Request";
    private static final String RESPONSE = "okhttp3.Response";
    private static final String CALLBACK = "okhttp3.Callback";
    private static final String IO_EXCEPTION = "java.io.IOException";

    @Override
    public String name() {
        return "okhttp";
    }

    @Override
    public String[] entryTypes() {
        return new String[] {
            CONNECTION_POOL,
            DISPATCHER,
            CALL_4_0,
            ASYNC_CALL_4_0,
            TRANSMITTER,
            CALL,
            ASYNC_CALL,
            POOL,
            CONNECTION,
            EXCHANGE,
            BODY,
            CONNECT_PLAN,
            CONNECT_RESULT,
            FAST_FALLBACK
        };
    }

    @Override
    public List<Library> libraries() {
        WovenType call = type(CALL)
                .carrying()
                .hooks(
                        on("enqueue", CALLBACK).with(CallAdvice.Enqueued.class),
                        on("getResponseWithInterceptorChain$okhttp")
                                .or("getResponseWithInterceptorChain")
                                .with(LeaseAdvice.HandedOut.class),
                        on("acquireConnectionNoEvents", CONNECTION).with(LeaseAdvice.Acquired.class),
                        on("releaseConnectionNoEvents$okhttp")
                                .or("releaseConnectionNoEvents")
                                .with(LeaseAdvice.Released.class),
                        on("cancel").with(CallAdvice.Cancelled.class));
        WovenType call40 = type(CALL_4_0)
                .carrying()
                .hooks(
                        on("enqueue", CALLBACK).with(CallAdvice.EnqueuedUpTo43.class),
                        on("getResponseWithInterceptorChain").with(LeaseAdvice.HandedOutUpTo43.class));
        WovenType transmitter = type(TRANSMITTER)
                .carrying()
                .hooks(
                        on("acquireConnectionNoEvents", CONNECTION).with(LeaseAdvice.Acquired.class),
                        on("releaseConnectionNoEvents").with(LeaseAdvice.Released.class),
                        on("cancel").with(CallAdvice.Cancelled.class));
        return List.of(Library.client("okhttp", "com.squareup.okhttp3", "okhttp")
                .weaveOneOf(call, call40)
                .weaveOneOf(call, transmitter)
                .weaveOneOf(asyncCall(ASYNC_CALL), asyncCall(ASYNC_CALL_4_0))
                .weave(dispatcher(), connectionPool(), pool(), connection(), exchange(), body())
                .weave(connectPlan(), connectResult(), fastFallback()));
    }

    private static WovenType asyncCall(String name) {
        return type(name)
                .carrying()
                .hooks(
                        onConstructor(ANY, CALLBACK).with(CallAdvice.AsyncCallMade.class),
                        on("run").with(CallAdvice.Running.class),
                        on("failRejected$okhttp", ANY)
                                .or("failRejected")
                                .with(CallAdvice.Rejected.class)
                                .optional());
    }

    private static WovenType dispatcher() {
        return type(DISPATCHER)
                .hooks(
                        on("enqueue$okhttp", ANY).or("enqueue").with(CallAdvice.Queued.class),
                        on("finished$okhttp", ANY).or("finished").with(CallAdvice.Finished.class));
    }

    private static WovenType connectionPool() {
        return type(CONNECTION_POOL).carrying().hooks(onEveryConstructor().with(PoolAdvice.Wrapped.class));
    }

    private static WovenType pool() {
        return type(POOL)
                .carrying()
                .hooks(
                        onEveryConstructor().with(PoolAdvice.Built.class),
                        on("put", CONNECTION).with(PoolAdvice.Put.class),
                        on("cleanup", "long").or("closeConnections").with(PoolAdvice.CleanUp.class),
                        on("evictAll").with(PoolAdvice.EvictAll.class));
    }

    private static WovenType connection() {
        return type(CONNECTION)
                .carrying()
                .hooks(
                        onEveryConstructor().with(ConnectionAdvice.Made.class),
                        // From 5.0 on a ConnectPlan connects, and makes the connection when it has.
                        onEvery("connect")
                                .with(ConnectionAdvice.Connecting.class)
                                .optional(),
                        on("socket").with(ConnectionAdvice.Evicted.class),
                        on("isHealthy", "boolean").with(ConnectionAdvice.Checked.class),
                        on("noNewExchanges").or("noNewExchanges$okhttp").with(ConnectionAdvice.NoNewExchanges.class),
                        onEvery("onSettings").with(ConnectionAdvice.Settings.class));
    }

    private static WovenType connectPlan() {
        return type(CONNECT_PLAN)
                .optional()
                .carrying()
                .hooks(
                        on("connectTcp").with(ConnectionAdvice.PlanConnecting.class),
                        on("connectTlsEtc").with(ConnectionAdvice.PlanConnected.class));
    }

    private static WovenType connectResult() {
        return type(CONNECT_RESULT)
                .optional()
                .hooks(onConstructor(ANY, ANY, "java.lang.Throwable").with(ConnectionAdvice.PlanFailed.class));
    }

    private static WovenType fastFallback() {
        return type(FAST_FALLBACK).optional().hooks(on("cancelInFlightConnects").with(ConnectionAdvice.RaceWon.class));
    }

    private static WovenType exchange() {
        return type(EXCHANGE)
                .carrying()
                .hooks(
                        onEveryConstructor().with(LeaseAdvice.Held.class),
                        on("writeRequestHeaders", REQUEST).with(LeaseAdvice.RequestSent.class),
                        on("createRequestBody", REQUEST, "boolean").with(LeaseAdvice.DuplexBegun.class),
                        on("readResponseHeaders", "boolean").with(LeaseAdvice.ResponseStarted.class),
                        on("openResponseBody", RESPONSE).with(BodyAdvice.Opened.class),
                        // It became a socket for everybody in 5.2.
                        on("newWebSocketStreams").or("upgradeToSocket").with(LeaseAdvice.Upgraded.class),
                        on("trackFailure", IO_EXCEPTION).with(LeaseAdvice.Failed.class));
    }

    private static WovenType body() {
        return type(BODY)
                .hooks(
                        on("read", "okio.Buffer", "long").with(BodyAdvice.Read.class),
                        on("close").with(BodyAdvice.Closed.class));
    }
}

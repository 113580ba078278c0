package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;

/** OkHttp 4 and 5, by {@code execute()} and by {@code enqueue()}. */
public final class OkHttp implements Adapter {

    private static final int IDLE_LIMIT = 5;

    private final boolean enqueue;

    private OkHttp(boolean enqueue) {
        this.enqueue = enqueue;
    }

    public static OkHttp synchronous() {
        return new OkHttp(false);
    }

    public static OkHttp enqueuing() {
        return new OkHttp(true);
    }

    @Override
    public String name() {
        return enqueue ? "okhttp-enqueue" : "okhttp";
    }

    @Override
    public Traits traits(String version) {
        Traits traits = new Traits()
                .waits(enqueue ? Traits.Waits.IN_THE_DISPATCHER : Traits.Waits.NEVER)
                .neverTimesOut("the dispatcher's queue has no timeout")
                .closedUnread(Traits.Fate.DRAINED, Traits.Fate.DISCARDED)
                .readToLengthAndClosed(Traits.Fate.COMPLETE)
                .idleLimit(IDLE_LIMIT)
                // A late abort closes the socket under the call that has the connection by then, and that call may
                // retry
                // for ever: github.com/square/okhttp/issues/5819, mended in 4.5.
                .brokenByAborts(version.startsWith("4.0.") || version.startsWith("4.4."))
                .proxies()
                .answersProxies()
                .sharesPools()
                .http2();
        return enqueue ? traits.changesLimits() : traits;
    }

    @Override
    public Client open(Options options) {
        return new Pooled(options, enqueue);
    }

    private static final class Pooled implements Client {
        private final boolean enqueue;
        private final ConnectionPool pool;
        private final Dispatcher dispatcher;
        private final OkHttpClient http;

        Pooled(Options options, boolean enqueue) {
            this.enqueue = enqueue;
            this.dispatcher = new Dispatcher();
            this.pool = new ConnectionPool(IDLE_LIMIT, options.keepAlive().toMillis(), TimeUnit.MILLISECONDS);
            dispatcher.setMaxRequestsPerHost(options.perRoute());
            dispatcher.setMaxRequests(options.total());
            OkHttpClient.Builder builder = new OkHttpClient.Builder()
                    .connectionPool(pool)
                    .dispatcher(dispatcher)
                    .retryOnConnectionFailure(options.retries())
                    .connectTimeout(Duration.ofSeconds(10))
                    .readTimeout(Duration.ofMinutes(10));
            if (!options.isHttp2()) {
                builder.protocols(List.of(Protocol.HTTP_1_1));
            }
            if (options.trust() != null) {
                builder.sslSocketFactory(
                        options.trust().context().getSocketFactory(),
                        options.trust().manager());
            }
            if (options.isAnyHost()) {
                builder.dns(host -> List.of(InetAddress.getLoopbackAddress()));
            }
            if (options.proxy() != null) {
                builder.proxy(new Proxy(Proxy.Type.HTTP, options.proxy()));
            }
            if (options.proxyUser() != null) {
                String answer = Credentials.basic(options.proxyUser()[0], options.proxyUser()[1]);
                // It asks by itself first, before the proxy does: that is not answered.
                builder.proxyAuthenticator(
                        (route, asking) -> "OkHttp-Preemptive".equals(asking.header("Proxy-Authenticate"))
                                ? null
                                : asking.request()
                                        .newBuilder()
                                        .header("Proxy-Authorization", answer)
                                        .build());
            }
            http = builder.build();
        }

        private Pooled(Pooled other) {
            this.enqueue = other.enqueue;
            this.dispatcher = other.dispatcher;
            this.pool = other.pool;
            this.http = other.http.newBuilder().build();
        }

        @Override
        public Client sibling() {
            return new Pooled(this);
        }

        @Override
        public void limit(int perRoute, int total) {
            dispatcher.setMaxRequestsPerHost(perRoute);
            dispatcher.setMaxRequests(total);
        }

        @Override
        public Exchange exchange(String url) {
            Call call = http.newCall(new Request.Builder().url(url).build());
            return new Exchange() {
                @Override
                public Response send() throws IOException {
                    return new Body(enqueue ? awaited(call) : call.execute());
                }

                @Override
                public void abort() {
                    call.cancel();
                }
            };
        }

        private static okhttp3.Response awaited(Call call) throws IOException {
            CompletableFuture<okhttp3.Response> head = new CompletableFuture<>();
            call.enqueue(new Callback() {
                @Override
                public void onResponse(Call answered, okhttp3.Response response) {
                    head.complete(response);
                }

                @Override
                public void onFailure(Call failed, IOException e) {
                    head.completeExceptionally(e);
                }
            });
            try {
                return head.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                call.cancel();
                throw new InterruptedIOException();
            }
        }

        @Override
        public PoolStats stats() {
            int idle = pool.idleConnectionCount();
            return new PoolStats(pool.connectionCount() - idle, idle, dispatcher.queuedCallsCount());
        }

        /** Its pool evicts by itself when the keep-alive time is over. */
        @Override
        public void evictIdle() {}

        @Override
        public void closePool() {
            pool.evictAll();
        }
    }

    private static final class Body extends StreamedResponse {
        private final okhttp3.Response response;

        Body(okhttp3.Response response) {
            super(response.body().byteStream());
            this.response = response;
        }

        @Override
        public int status() {
            return response.code();
        }

        @Override
        public void close() {
            response.close();
        }
    }
}

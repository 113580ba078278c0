package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import io.poolscope.testkit.Trust;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.nio.conn.NoopIOSessionStrategy;
import org.apache.http.nio.conn.SchemeIOSessionStrategy;
import org.apache.http.nio.conn.ssl.SSLIOSessionStrategy;
import org.apache.http.nio.pool.AbstractNIOConnPool;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.apache.http.pool.PoolEntry;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.VersionInfo;

/** Apache HttpAsyncClient 4, each response streamed through a consumer that suspends its input while nobody reads. */
public final class ApacheHttpAsyncClient4 implements Adapter {

    @Override
    public String name() {
        return "apache-httpasyncclient-4";
    }

    @Override
    public Traits traits(String version) {
        Traits traits = new Traits()
                .waits(Traits.Waits.IN_THE_POOL)
                .closedUnread(Traits.Fate.COMPLETE, Traits.Fate.DISCARDED)
                .readToLengthAndClosed(Traits.Fate.COMPLETE)
                .neverDrains("what its consumer leaves unread is thrown away with the connection")
                .keepsWhatIsDropped("its selector refers to a response until that has ended")
                .closesWhatIsOut()
                .hasLimits()
                .hasMaximumAge()
                .checksBeforeReuse(true)
                .noticesWhatIsClosed()
                .proxies()
                .connectsAgain()
                .limitsRoutes()
                .changesLimits()
                .hasMinimalClients();
        if (!version.startsWith("4.0")) {
            traits.sharesPools();
        }
        // Newer versions of httpcore-nio, up to 4.4.16.
        return version.equals("4.1.5") ? traits.losesGrants() : traits;
    }

    @Override
    public Client open(Options options) throws IOException {
        return new Pooled(options);
    }

    private static final class Pooled implements Client {
        private final Options options;
        private final PoolingNHttpClientConnectionManager manager;
        private final CloseableHttpAsyncClient http;
        private final ScheduledExecutorService timer;
        private final AbstractNIOConnPool<?, ?, ?> pool;

        Pooled(Options options) throws IOException {
            this(options, manager(options), false);
        }

        private static PoolingNHttpClientConnectionManager manager(Options options) throws IOException {
            RegistryBuilder<SchemeIOSessionStrategy> schemes =
                    RegistryBuilder.<SchemeIOSessionStrategy>create().register("http", NoopIOSessionStrategy.INSTANCE);
            if (options.trust() != null) {
                schemes.register("https", new SSLIOSessionStrategy(context(options.trust())));
            }
            long age = options.maximumAge().isZero() ? -1 : options.maximumAge().toMillis();
            PoolingNHttpClientConnectionManager manager = new PoolingNHttpClientConnectionManager(
                    new DefaultConnectingIOReactor(
                            IOReactorConfig.custom().setIoThreadCount(1).build(), Pooled::daemon),
                    null,
                    schemes.build(),
                    null,
                    options.isAnyHost() ? host -> new InetAddress[] {InetAddress.getLoopbackAddress()} : null,
                    age,
                    TimeUnit.MILLISECONDS);
            manager.setDefaultMaxPerRoute(options.perRoute());
            manager.setMaxTotal(options.total());
            return manager;
        }

        /** With TLS 1.3, which came after it, 4.0 hangs in about one tunnel of five, whoever looks on. */
        private static SSLContext context(Trust trust) {
            VersionInfo version =
                    VersionInfo.loadVersionInfo("org.apache.http.nio.client", HttpAsyncClients.class.getClassLoader());
            return trust.context(version.getRelease().startsWith("4.0") ? "TLSv1.2" : "TLS");
        }

        /** @param isShared whether another client has begun to run the manager's selectors */
        private Pooled(Options options, PoolingNHttpClientConnectionManager manager, boolean isShared) {
            this.options = options;
            this.manager = manager;
            pool = (AbstractNIOConnPool<?, ?, ?>) field(manager.getClass(), "pool", manager);
            http = options.isMinimal() ? HttpAsyncClients.createMinimal(manager) : full(options, manager, isShared);
            http.start();
            timer = options.waitTimeout().isZero() ? null : Executors.newSingleThreadScheduledExecutor(Pooled::daemon);
            if (timer != null) {
                // Its timeouts are looked at only when the pool is used, or by this: of its manager from 4.1.3 on.
                timer.scheduleWithFixedDelay(pool::validatePendingRequests, 50, 50, TimeUnit.MILLISECONDS);
            }
        }

        private static CloseableHttpAsyncClient full(
                Options options, PoolingNHttpClientConnectionManager manager, boolean isShared) {
            HttpAsyncClientBuilder builder = HttpAsyncClients.custom()
                    .setConnectionManager(manager)
                    .setThreadFactory(Pooled::daemon)
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setConnectionRequestTimeout(
                                    (int) options.waitTimeout().toMillis())
                            .setConnectTimeout(10_000)
                            .setSocketTimeout(600_000)
                            .build());
            if (options.proxy() != null) {
                builder.setProxy(new HttpHost(
                        options.proxy().getHostString(), options.proxy().getPort()));
            }
            if (isShared) {
                builder.setConnectionManagerShared(true);
            }
            return builder.build();
        }

        private static Thread daemon(Runnable work) {
            Thread thread = new Thread(work, "httpasyncclient");
            thread.setDaemon(true);
            return thread;
        }

        @Override
        public Exchange exchange(String url) {
            HttpGet request = new HttpGet(url);
            return new Exchange() {
                @Override
                public Response send() throws IOException {
                    Consumer consumer = new Consumer(http);
                    http.execute(HttpAsyncMethods.create(request), consumer, consumer);
                    return consumer.awaited(request);
                }

                @Override
                public void abort() {
                    request.abort();
                }
            };
        }

        @Override
        public void limit(int perRoute, int total) {
            manager.setDefaultMaxPerRoute(perRoute);
            manager.setMaxTotal(total);
        }

        @Override
        public void limitRoute(String url, int connections) {
            URI server = URI.create(url);
            manager.setMaxPerRoute(new HttpRoute(new HttpHost(server.getHost(), server.getPort())), connections);
        }

        @Override
        public Client sibling() {
            return new Pooled(options, manager, true);
        }

        @Override
        public void closeButNotThePool() throws IOException {
            http.close();
        }

        /** Its own statistics take connecting for pending, know nothing of who waits, and count connections that are closed. */
        @Override
        public PoolStats stats() {
            Lock lock = (Lock) field(AbstractNIOConnPool.class, "lock", pool);
            lock.lock();
            try {
                Collection<?> leased = (Collection<?>) field(AbstractNIOConnPool.class, "leased", pool);
                Collection<?> available = (Collection<?>) field(AbstractNIOConnPool.class, "available", pool);
                Collection<?> waiting = (Collection<?>) field(AbstractNIOConnPool.class, "leasingRequests", pool);
                int open = (int) available.stream()
                        .filter(entry -> !((PoolEntry<?, ?>) entry).isClosed())
                        .count();
                return new PoolStats(leased.size(), open, waiting.size());
            } finally {
                lock.unlock();
            }
        }

        private static Object field(Class<?> owner, String name, Object object) {
            try {
                Field field = owner.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(object);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void evictIdle() {
            manager.closeIdleConnections(0, TimeUnit.MILLISECONDS);
        }

        @Override
        public void closePool() {
            if (timer != null) {
                timer.shutdownNow();
            }
            try {
                http.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Takes a response as it comes, and no more of it than fits in while nobody reads. */
    private static final class Consumer implements HttpAsyncResponseConsumer<Void>, FutureCallback<Void> {
        private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
        private final PushedBody body;
        private volatile IOControl control;
        private volatile Exception exception;

        Consumer(CloseableHttpAsyncClient client) {
            body = new PushedBody() {
                @Override
                void goOn() {
                    IOControl now = control;
                    if (now != null) {
                        now.requestInput();
                    }
                }

                @Override
                boolean isOver() {
                    return !client.isRunning();
                }
            };
        }

        Body awaited(HttpGet request) throws IOException {
            try {
                return new Body(head.get(), body);
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                request.abort();
                throw new InterruptedIOException();
            }
        }

        @Override
        public void responseReceived(HttpResponse response) {
            body.length(response.getEntity() == null ? 0 : response.getEntity().getContentLength());
            head.complete(response);
        }

        @Override
        public void consumeContent(ContentDecoder decoder, IOControl ioControl) throws IOException {
            control = ioControl;
            if (body.isGivenUp()) {
                return;
            }
            for (int room = body.room(); room > 0 && !decoder.isCompleted(); room = body.room()) {
                ByteBuffer part = ByteBuffer.allocate(room);
                if (decoder.read(part) <= 0) {
                    return;
                }
                part.flip();
                body.put(part, decoder.isCompleted());
            }
            if (!decoder.isCompleted()) {
                ioControl.suspendInput();
                if (body.room() > 0 || body.isGivenUp()) {
                    // Somebody read, or gave up, in between.
                    ioControl.requestInput();
                }
            }
        }

        @Override
        public void responseCompleted(HttpContext context) {
            body.put(ByteBuffer.allocate(0), true);
        }

        @Override
        public void failed(Exception e) {
            exception = e;
            head.completeExceptionally(e);
            body.end(new IOException(e));
        }

        @Override
        public boolean cancel() {
            cancelled();
            return true;
        }

        @Override
        public void cancelled() {
            failed(new IOException("cancelled"));
        }

        @Override
        public void completed(Void nothing) {
            body.end(null);
        }

        @Override
        public boolean isDone() {
            return body.isGivenUp();
        }

        @Override
        public Void getResult() {
            return null;
        }

        @Override
        public Exception getException() {
            return exception;
        }

        @Override
        public void close() {
            // How the exchange ended is told by the other methods.
        }
    }

    private static final class Body extends StreamedResponse {
        private final HttpResponse response;
        private final PushedBody body;

        Body(HttpResponse response, PushedBody body) {
            super(isZipped(response) ? new UnzippedBody(body) : body);
            this.response = response;
            this.body = body;
        }

        private static boolean isZipped(HttpResponse response) {
            Header encoding = response.getFirstHeader("Content-Encoding");
            return encoding != null && encoding.getValue().equals("gzip");
        }

        @Override
        public int status() {
            return response.getStatusLine().getStatusCode();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}

package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.locks.Lock;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.LaxConnPool;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOReactorStatus;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Apache HttpClient 5, asynchronous, with one of its three pools, each response streamed through a consumer that asks for no more than fits in while nobody
 * reads. The client's buffers are small, because it hands on what has come without being asked for it.
 */
public final class ApacheHttpAsyncClient5 implements Adapter {

    private static final Timeout FOR_EVER = Timeout.ofDays(1);

    /** How much a consumer is given before it asks: the room that it has at first. */
    private static final int WINDOW = 512;

    /** Set in threads that are about to send a request. */
    private static final ThreadLocal<Boolean> SENDING = new ThreadLocal<>();

    private static final String SENT = "io.poolscope.testkit.sent";

    /** Of how long a body the rest is not waited for where nobody wants it. */
    private static final int LARGE = 1_000_000;

    private final String policy;

    /** With the pool of this {@link PoolConcurrencyPolicy}, which a version may not have. */
    public ApacheHttpAsyncClient5(String policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        String name = "apache-httpclient-5-async";
        return policy.equals("STRICT") ? name : name + "-" + policy.toLowerCase(Locale.ROOT);
    }

    @Override
    public Traits traits(String version) {
        int minor = Integer.parseInt(version.split("[.-]")[1]);
        Traits traits = new Traits()
                .waits(Traits.Waits.IN_THE_POOL)
                .closedUnread(Traits.Fate.COMPLETE, Traits.Fate.CANCELLED)
                .readToLengthAndClosed(Traits.Fate.COMPLETE)
                .neverDrains("what its consumer does not want is read on by the selector, or the request is cancelled")
                .keepsWhatIsDropped("its selector refers to a response until that has ended")
                .closesWhatIsOut()
                .hasLimits()
                .hasMaximumAge()
                .checksBeforeReuse(true)
                .noticesWhatIsClosed()
                .deafToCancelling()
                .proxies()
                .sharesPools()
                .limitsRoutes()
                .changesLimits()
                .connectionsOfThreeStreams(minor < 5 ? 3 : 1)
                .hasMinimalClients();
        if (version.equals("5.0")) {
            traits.noHttp2FromAPool("its first request of HTTP/2 ends in ConnectionClosedException");
            // A cancel that comes together with the connection takes that along.
            traits.losesGrants();
            // In core 5.0 a selector takes a key that is cancelled under it for its own end: all of its connections
            // are lost, and their requests are told nothing. Mended in 5.1: it closes the channel of that key.
            traits.brokenByAborts(true);
        } else if (version.equals("5.2")) {
            traits.noHttp2FromAPool("its second request of HTTP/2 has a header that it finds illegal there itself");
        }
        switch (policy) {
            case "STRICT":
                return traits;
            case "LAX":
                return traits.noTotalLimit();
            default:
                return minor < 6
                        ? traits.absent("the pool of PoolConcurrencyPolicy.OFFLOCK came with 5.6")
                        : traits.countsCancelledWaits();
        }
    }

    @Override
    public Client open(Options options) {
        return new Pooled(options, PoolConcurrencyPolicy.valueOf(policy));
    }

    private static final class Pooled implements Client {
        private final PoolingAsyncClientConnectionManager manager;
        private final PoolConcurrencyPolicy policy;
        private final Options options;
        private final CloseableHttpAsyncClient http;
        private final Object pool;
        private final ScheduledExecutorService timer;

        Pooled(Options options, PoolConcurrencyPolicy policy) {
            this(options, policy, manager(options, policy));
        }

        private Pooled(Options options, PoolConcurrencyPolicy policy, PoolingAsyncClientConnectionManager manager) {
            this.options = options;
            this.policy = policy;
            this.manager = manager;
            Object outer = field(PoolingAsyncClientConnectionManager.class, "pool", manager);
            this.pool =
                    options.isHttp2() && has(outer, "perRouteCache") ? field(outer.getClass(), "pool", outer) : outer;
            this.http = options.isMinimal() ? minimal(manager) : client(options, manager);
            http.start();
            timer = options.waitTimeout().isZero() ? null : Executors.newSingleThreadScheduledExecutor(Pooled::daemon);
            if (timer != null) {
                // Two of the pools look at their timeouts only when they are used, or told to.
                timer.scheduleWithFixedDelay(this::validate, 50, 50, TimeUnit.MILLISECONDS);
            }
        }

        private void validate() {
            if (pool instanceof StrictConnPool) {
                ((StrictConnPool<?, ?>) pool).validatePendingRequests();
            } else if (pool instanceof LaxConnPool) {
                ((LaxConnPool<?, ?>) pool).validatePendingRequests();
            }
        }

        private static PoolingAsyncClientConnectionManager manager(Options options, PoolConcurrencyPolicy policy) {
            PoolingAsyncClientConnectionManagerBuilder pool = PoolingAsyncClientConnectionManagerBuilder.create()
                    .setPoolConcurrencyPolicy(policy)
                    .setMaxConnPerRoute(options.perRoute())
                    .setMaxConnTotal(options.total());
            if (options.trust() != null) {
                pool.setTlsStrategy(ClientTlsStrategyBuilder.create()
                        .setSslContext(options.trust().context())
                        // Versions before 5.2 do not find out by themselves which protocol was chosen.
                        .setTlsDetailsFactory(
                                engine -> new TlsDetails(engine.getSession(), engine.getApplicationProtocol()))
                        .build());
            }
            if (!options.maximumAge().isZero()) {
                pool.setConnectionTimeToLive(
                        TimeValue.ofMilliseconds(options.maximumAge().toMillis()));
            } else {
                // Either setting undoes the other.
                pool.setValidateAfterInactivity(TimeValue.ofMilliseconds(options.isChecking() ? 1 : 60_000));
            }
            if (options.isAnyHost()) {
                pool.setDnsResolver(new Loopback());
            }
            if (options.isHttp2()) {
                multiplex(pool);
            }
            return pool.build();
        }

        /** By reflection: what this is compiled against, the oldest version, has a connection for each request of HTTP/2, too. */
        private static void multiplex(PoolingAsyncClientConnectionManagerBuilder pool) {
            try {
                pool.getClass()
                        .getMethod("setMessageMultiplexing", boolean.class)
                        .invoke(pool, true);
            } catch (NoSuchMethodException e) {
                // Up to 5.4.
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }

        private static CloseableHttpAsyncClient client(Options options, PoolingAsyncClientConnectionManager manager) {
            long wait = options.waitTimeout().toMillis();
            HttpAsyncClientBuilder builder = HttpAsyncClients.custom()
                    .setConnectionManager(manager)
                    .setConnectionManagerShared(!options.isAlone())
                    .setThreadFactory(Pooled::daemon)
                    .setIOReactorConfig(reactor())
                    .setHttp1Config(http1())
                    .setH2Config(http2())
                    .setVersionPolicy(options.isHttp2() ? HttpVersionPolicy.NEGOTIATE : HttpVersionPolicy.FORCE_HTTP_1)
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setConnectionRequestTimeout(wait == 0 ? FOR_EVER : Timeout.ofMilliseconds(wait))
                            .setConnectTimeout(Timeout.ofSeconds(10))
                            .setResponseTimeout(FOR_EVER)
                            .build());
            builder.addExecInterceptorAfter(ChainElement.CONNECT.name(), "after sending", Pooled::afterSending);
            if (!options.retries()) {
                builder.disableAutomaticRetries();
            }
            if (options.proxy() != null) {
                builder.setProxy(new HttpHost(
                        options.proxy().getHostString(), options.proxy().getPort()));
            }
            return builder.build();
        }

        /**
         * Where a selector is faster in connecting than the thread that asked it to is in coming back, a cancel is lost: what it would cancel is set by both,
         * and the later one wins. That happens too seldom to be told of, and too often to be left to luck.
         */
        private static void afterSending(
                HttpRequest request,
                AsyncEntityProducer producer,
                AsyncExecChain.Scope scope,
                AsyncExecChain chain,
                AsyncExecCallback callback)
                throws HttpException, IOException {
            ((Sent) scope.clientContext.getAttribute(SENT)).awaitSent();
            chain.proceed(request, producer, scope, callback);
        }

        private static CloseableHttpAsyncClient minimal(PoolingAsyncClientConnectionManager manager) {
            return HttpAsyncClients.createMinimal(HttpVersionPolicy.FORCE_HTTP_1, http2(), http1(), reactor(), manager);
        }

        private static IOReactorConfig reactor() {
            return IOReactorConfig.custom().setIoThreadCount(1).build();
        }

        private static Http1Config http1() {
            return Http1Config.custom()
                    .setBufferSize(WINDOW / 2)
                    .setInitialWindowSize(WINDOW)
                    .build();
        }

        private static H2Config http2() {
            return H2Config.custom()
                    .setPushEnabled(false)
                    .setInitialWindowSize(WINDOW)
                    .build();
        }

        private static Thread daemon(Runnable work) {
            Thread thread = new Thread(work, "httpclient5-async");
            thread.setDaemon(true);
            return thread;
        }

        @Override
        public Exchange exchange(String url) {
            return new Sent(http, url);
        }

        @Override
        public void limit(int perRoute, int total) {
            manager.setDefaultMaxPerRoute(perRoute);
            manager.setMaxTotal(total);
            if (policy == PoolConcurrencyPolicy.LAX) {
                // It keeps to the old default where it has been.
                for (HttpRoute route : manager.getRoutes()) {
                    manager.setMaxPerRoute(route, perRoute);
                }
                // And looks at who waits only when there is something else to do.
                manager.closeExpired();
            }
        }

        @Override
        public void limitRoute(String url, int connections) {
            URI server = URI.create(url);
            manager.setMaxPerRoute(new HttpRoute(new HttpHost(server.getHost(), server.getPort())), connections);
        }

        @Override
        public Client sibling() {
            return new Pooled(options, policy, manager);
        }

        @Override
        public void close() throws IOException {
            http.close();
        }

        @Override
        public void closeButNotThePool() throws IOException {
            http.close();
        }

        /** Its own statistics count idle connections that the server has closed, until somebody asks for one. */
        @Override
        public PoolStats stats() {
            org.apache.hc.core5.pool.PoolStats stats = manager.getTotalStats();
            return new PoolStats(stats.getLeased(), stats.getAvailable() - closedIdle(), stats.getPending());
        }

        private int closedIdle() {
            if (pool instanceof StrictConnPool) {
                Lock lock = (Lock) field(StrictConnPool.class, "lock", pool);
                lock.lock();
                try {
                    return closed((Collection<?>) field(StrictConnPool.class, "available", pool));
                } finally {
                    lock.unlock();
                }
            }
            String routes = pool instanceof LaxConnPool ? "routeToPool" : "segments";
            int closed = 0;
            for (Object route : ((Map<?, ?>) field(pool.getClass(), routes, pool)).values()) {
                closed += closed((Collection<?>) field(route.getClass(), "available", route));
            }
            return closed;
        }

        private static int closed(Collection<?> idle) {
            int closed = 0;
            for (Object element : idle) {
                Object entry = element instanceof AtomicMarkableReference
                        ? ((AtomicMarkableReference<?>) element).getReference()
                        : element;
                Object connection = ((PoolEntry<?, ?>) entry).getConnection();
                closed += connection != null && ((HttpConnection) connection).isOpen() ? 0 : 1;
            }
            return closed;
        }

        private static boolean has(Object object, String name) {
            for (Field field : object.getClass().getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return true;
                }
            }
            return false;
        }

        private static Object field(Class<?> of, String name, Object object) {
            for (Class<?> owner = of; owner != null; owner = owner.getSuperclass()) {
                try {
                    Field field = owner.getDeclaredField(name);
                    field.setAccessible(true);
                    return field.get(object);
                } catch (NoSuchFieldException e) {
                    // An anonymous subclass of the pool.
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
            throw new AssertionError(of + " has no " + name);
        }

        @Override
        public void evictIdle() {
            manager.closeIdle(TimeValue.ZERO_MILLISECONDS);
        }

        @Override
        public void closePool() {
            if (timer != null) {
                timer.shutdownNow();
            }
            manager.close();
            http.close(CloseMode.IMMEDIATE);
        }
    }

    private static final class Sent implements Client.Exchange {
        private final CloseableHttpAsyncClient http;
        private final String url;
        private final CountDownLatch isSent = new CountDownLatch(1);
        private Future<?> future;
        private boolean aborted;

        Sent(CloseableHttpAsyncClient http, String url) {
            this.http = http;
            this.url = url;
        }

        @Override
        public Client.Response send() throws IOException {
            Consumer consumer = new Consumer(http);
            HttpClientContext context = HttpClientContext.create();
            context.setAttribute(SENT, this);
            Future<?> sent;
            SENDING.set(true);
            try {
                sent = http.execute(AsyncRequestBuilder.get(url).build(), consumer, context, consumer);
            } finally {
                SENDING.remove();
                isSent.countDown();
            }
            synchronized (this) {
                future = sent;
                if (aborted) {
                    sent.cancel(true);
                }
            }
            consumer.sent = sent;
            return consumer.awaited();
        }

        /**
         * For a selector. A thread that sends may go on with another's request, which was granted a connection meanwhile: two that
         * wait for each other would wait for ever, as would a selector with the lock of a session for who wants that.
         */
        void awaitSent() {
            try {
                if (SENDING.get() == null) {
                    boolean unused = isSent.await(1, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void abort() {
            Future<?> sent;
            synchronized (this) {
                aborted = true;
                sent = future;
            }
            if (sent != null) {
                sent.cancel(true);
            }
        }
    }

    private static final class Loopback implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /** Takes a response as it comes, and asks for no more of it than fits in while nobody reads. */
    private static final class Consumer implements AsyncResponseConsumer<Void>, FutureCallback<Void> {
        private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
        private final PushedBody body;
        private FutureCallback<Void> result;
        private volatile Future<?> sent;
        private boolean isZipped;
        private boolean isLarge;
        private volatile boolean isOver;
        private CapacityChannel capacity;
        /** How much may come without being asked for. */
        private long owed = WINDOW;

        Consumer(CloseableHttpAsyncClient client) {
            body = new PushedBody() {
                @Override
                void goOn() throws IOException {
                    ask();
                }

                @Override
                boolean isOver() {
                    return client.getStatus() == IOReactorStatus.SHUT_DOWN;
                }
            };
        }

        /** Of a body that nobody wants any more, the rest is taken and dropped, or the request is cancelled if that is large. */
        private void ask() throws IOException {
            if (isLarge && body.isGivenUp()) {
                sent.cancel(true);
            } else {
                askForMore();
            }
        }

        private synchronized void askForMore() throws IOException {
            long more = (body.isGivenUp() ? Integer.MAX_VALUE : body.room()) - owed;
            if (capacity != null && more > 0) {
                owed += more;
                try {
                    capacity.update((int) Math.min(Integer.MAX_VALUE, more));
                } catch (CancelledKeyException e) {
                    throw new IOException("closed by the selector at this moment", e);
                }
            }
        }

        Body awaited() throws IOException {
            try {
                return new Body(head.get(), isZipped, body);
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                sent.cancel(true);
                throw new InterruptedIOException();
            }
        }

        @Override
        public void consumeResponse(
                HttpResponse response, EntityDetails details, HttpContext context, FutureCallback<Void> callback)
                throws HttpException {
            if (head.isDone()) {
                throw new HttpException("tried again, and the first response has been handed on");
            }
            result = callback;
            // Newer versions unzip, and leave the header as it was.
            isZipped = details != null && "gzip".equals(details.getContentEncoding());
            body.length(details == null ? 0 : details.getContentLength());
            isLarge = details != null && details.getContentLength() > LARGE;
            head.complete(response);
            if (details == null) {
                end();
            }
        }

        private void end() {
            body.put(ByteBuffer.allocate(0), true);
            isOver = true;
            result.completed(null);
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {
            // Nobody waits for it.
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            synchronized (this) {
                capacity = channel;
            }
            ask();
        }

        @Override
        public void consume(ByteBuffer bytes) throws IOException {
            synchronized (this) {
                owed -= bytes.remaining();
            }
            if (body.isGivenUp()) {
                bytes.position(bytes.limit());
            } else {
                body.put(bytes, false);
            }
            ask();
        }

        @Override
        public void streamEnd(List<? extends Header> trailers) {
            end();
        }

        @Override
        public void failed(Exception why) {
            head.completeExceptionally(why);
            body.end(new IOException(why));
        }

        @Override
        public void cancelled() {
            failed(new IOException("cancelled"));
        }

        @Override
        public void completed(Void nothing) {
            // The connection is not back yet.
        }

        /** After a failure, too, of which it tells later. */
        @Override
        public void releaseResources() {
            if (isOver) {
                body.end(null);
            }
        }
    }

    private static final class Body extends StreamedResponse {
        private final HttpResponse response;
        private final PushedBody body;

        Body(HttpResponse response, boolean isZipped, PushedBody body) {
            super(isZipped ? new UnzippedBody(body) : body);
            this.response = response;
            this.body = body;
        }

        @Override
        public int status() {
            return response.getCode();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}

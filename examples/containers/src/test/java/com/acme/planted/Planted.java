package com.acme.planted;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.util.EntityUtils;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * Plants everything, says so, and keeps it until its input ends. A line of input, {@code drain}, {@code leak}, {@code cancel} or
 * {@code evict}, asks for more of it.
 */
public final class Planted {
    /** Waiting requests of {@link Full}. */
    public static final int WAITING = 2;

    /** The whole of {@link Full}'s pool. */
    public static final int FULL = 3;

    /** Of {@link Leaky}. One more for each {@code leak}. */
    public static final int LEAKS = 4;

    /** Of {@link Undrained}, with HttpClient: each costs its connection. */
    public static final int DISCARDED = 7;

    /** Of {@link Undrained}, with OkHttp: closing reads the rest. As many again for each {@code drain}. */
    public static final int DRAINED = 5;

    /** Of {@link Refused}. */
    public static final int REFUSED = 3;

    /** Of {@link Impatient}. */
    public static final int TIMEOUTS = 2;

    /** Of {@link Impatient}. As many again for each {@code cancel}. */
    public static final int CANCELLED = 1;

    /** Of {@link Synchronous}, whose dispatcher would run one at once. */
    public static final int SYNCHRONOUS = 2;

    /** What {@link TwoRoutes} may have. */
    public static final int TWO_ROUTES = 10;

    /** What it may have to localhost. One is in use. */
    public static final int ONE_ROUTE = 5;

    /** What it may have to 127.0.0.1. All are in use. */
    public static final int OTHER_ROUTE = 2;

    /** Connections that {@link Evicted} had idle and closed. As many again for each {@code evict}. */
    public static final int EVICTED = 5;

    /** Streams that the server of {@link Streams} allows. */
    public static final int STREAMS = 100;

    /** What {@link Traced} sends along. */
    public static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static final int LARGE = 4_000_000;
    private static final int SMALL = 20_000;
    private static final int TINY = 4_000;

    private static final String NEVER = "/never";

    /** One for each tiny body that has been written as a whole. */
    private static final Semaphore WRITTEN = new Semaphore(0);

    /** What stays in use until the end. */
    private static final List<Object> HELD = new ArrayList<>();

    private Planted() {}

    public static void main(String[] args) throws Exception {
        HttpServer server = server();
        URI here = URI.create("http://localhost:" + server.getAddress().getPort());
        try (Http2 http2 = new Http2()) {
            Full.plant(here);
            Traced.plant(here);
            Leaky.plant(here, LEAKS);
            Undrained.plant(here);
            Refused.plant();
            Impatient.plant(here);
            Synchronous.plant(here);
            TwoRoutes.plant(here);
            Evicted.plant(here);
            Streams.plant(http2.uri());
            Unsupported.plant();
            System.out.println("planted: ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            for (String order = in.readLine(); order != null; order = in.readLine()) {
                switch (order) {
                    case "drain" -> Undrained.drain(here);
                    case "leak" -> Leaky.plant(here, 1);
                    case "cancel" -> Impatient.cancel(here);
                    case "evict" -> Evicted.plant(here);
                    default -> throw new AssertionError(order);
                }
                System.out.println("planted: " + order);
            }
        }
        System.exit(0);
    }

    /** As many bytes as the path says, or no answer at all. */
    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            byte[] body =
                    new byte[Integer.parseInt(exchange.getRequestURI().getPath().substring(1))];
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
            if (body.length == TINY) {
                WRITTEN.release();
            }
        });
        server.createContext(NEVER, exchange -> new Semaphore(0).acquireUninterruptibly());
        server.start();
        return server;
    }

    private static HttpClientBuilder pool(int connections) {
        return HttpClients.custom().setMaxConnTotal(connections).setMaxConnPerRoute(connections);
    }

    private static HttpGet get(URI here, int bytes) {
        return new HttpGet(here.resolve("/" + bytes));
    }

    private static Request request(URI here, String path) {
        return new Request.Builder().url(here.resolve(path).toString()).build();
    }

    private static Thread inBackground(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Every connection is held and its response not read, and two requests wait for ever. */
    static final class Full {
        private static final CloseableHttpClient HTTP = pool(FULL).build();

        static void plant(URI here) throws IOException {
            for (int i = 0; i < FULL; i++) {
                HELD.add(hold(here));
            }
            for (int i = 0; i < WAITING; i++) {
                inBackground(() -> {
                    try {
                        HELD.add(hold(here));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        }

        static CloseableHttpResponse hold(URI here) throws IOException {
            return HTTP.execute(get(here, LARGE));
        }
    }

    /** A request that belongs to a trace waits for 200 ms. */
    static final class Traced {
        static void plant(URI here) throws Exception {
            CloseableHttpClient http = pool(1).build();
            HELD.add(http);
            CompletableFuture<Void> waited;
            try (CloseableHttpResponse first = http.execute(get(here, SMALL))) {
                waited = CompletableFuture.runAsync(() -> {
                    HttpGet second = get(here, SMALL);
                    second.setHeader("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
                    try (CloseableHttpResponse response = http.execute(second)) {
                        EntityUtils.consume(response.getEntity());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
                TimeUnit.MILLISECONDS.sleep(200);
                EntityUtils.consume(first.getEntity());
            }
            waited.get(10, TimeUnit.SECONDS);
        }
    }

    /** Some responses are lost, and collected. */
    static final class Leaky {
        private static final CloseableHttpClient HTTP = pool(10).build();

        static void plant(URI here, int leaks) throws Exception {
            for (int i = 0; i < leaks; i++) {
                lose(here);
            }
            for (int i = 0; i < 5; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }

        static int lose(URI here) throws IOException {
            return HTTP.execute(get(here, LARGE)).getStatusLine().getStatusCode();
        }
    }

    /** Responses that are closed before they are read. */
    static final class Undrained {
        private static final OkHttpClient OKHTTP = new OkHttpClient();

        static void plant(URI here) throws IOException {
            CloseableHttpClient http = pool(2).build();
            HELD.add(http);
            for (int i = 0; i < DISCARDED; i++) {
                discard(http, here);
            }
            drain(here);
        }

        static void discard(CloseableHttpClient http, URI here) throws IOException {
            http.execute(get(here, LARGE)).close();
        }

        /** What is to be drained has come: OkHttp reads for a tenth of a second, and then it discards. */
        static void drain(URI here) throws IOException {
            Request request = request(here, "/" + TINY);
            for (int i = 0; i < DRAINED; i++) {
                Response response = OKHTTP.newCall(request).execute();
                WRITTEN.acquireUninterruptibly();
                response.close();
            }
        }
    }

    /** Nobody listens there. */
    static final class Refused {
        static void plant() throws IOException {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            CloseableHttpClient http = pool(2).build();
            HELD.add(http);
            for (int i = 0; i < REFUSED; i++) {
                try {
                    http.execute(get(URI.create("http://localhost:" + port), 1)).close();
                } catch (IOException expected) {
                    continue;
                }
                throw new AssertionError("somebody listens on " + port);
            }
        }
    }

    /** The one connection is in use: some give up waiting, one is cancelled. */
    static final class Impatient {
        private static final CloseableHttpClient HTTP = pool(1).setDefaultRequestConfig(
                        RequestConfig.custom().setConnectionRequestTimeout(150).build())
                .build();

        static void plant(URI here) throws Exception {
            HELD.add(HTTP.execute(get(here, LARGE)));
            for (int i = 0; i < TIMEOUTS; i++) {
                giveUp(get(here, SMALL));
            }
            cancel(here);
        }

        static void cancel(URI here) throws Exception {
            HttpGet cancelled = get(here, SMALL);
            cancelled.setConfig(
                    RequestConfig.custom().setConnectionRequestTimeout(60_000).build());
            Thread waiting = inBackground(() -> giveUp(cancelled));
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            cancelled.abort();
            waiting.join(10_000);
        }

        static void giveUp(HttpGet request) {
            try {
                HTTP.execute(request).close();
            } catch (IOException expected) {
                return;
            }
            throw new AssertionError("got a connection");
        }
    }

    /** After one asynchronous call, so that its dispatcher's limits are known: more calls than these, and nobody waits. */
    static final class Synchronous {
        static void plant(URI here) throws Exception {
            OkHttpClient okHttp =
                    new OkHttpClient.Builder().readTimeout(Duration.ZERO).build();
            okHttp.dispatcher().setMaxRequests(1);
            okHttp.dispatcher().setMaxRequestsPerHost(1);
            CompletableFuture<Void> read = new CompletableFuture<>();
            okHttp.newCall(request(here, "/" + SMALL)).enqueue(new okhttp3.Callback() {
                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    response.body().bytes();
                    read.complete(null);
                }

                @Override
                public void onFailure(Call call, IOException failure) {
                    read.completeExceptionally(failure);
                }
            });
            read.get(10, TimeUnit.SECONDS);
            for (int i = 0; i < SYNCHRONOUS; i++) {
                inBackground(() -> {
                    try (Response never = okHttp.newCall(request(here, NEVER)).execute()) {
                        throw new AssertionError("answered: " + never);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        }
    }

    /** One has little of its limit in use, and the other all of a small one. Nobody waits. */
    static final class TwoRoutes {
        static void plant(URI here) {
            PoolingHttpClientConnectionManager manager = new PoolingHttpClientConnectionManager();
            manager.setMaxTotal(TWO_ROUTES);
            manager.setDefaultMaxPerRoute(OTHER_ROUTE);
            manager.setMaxPerRoute(new HttpRoute(new HttpHost(here.getHost(), here.getPort())), ONE_ROUTE);
            CloseableHttpClient http =
                    HttpClients.custom().setConnectionManager(manager).build();
            ask(http, here);
            for (int i = 0; i < OTHER_ROUTE; i++) {
                ask(http, URI.create("http://127.0.0.1:" + here.getPort()));
            }
        }

        static void ask(CloseableHttpClient http, URI there) {
            inBackground(() -> {
                try {
                    http.execute(new HttpGet(there.resolve(NEVER))).close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    /** Connections that served and are closed because they are idle. */
    static final class Evicted {
        private static final PoolingHttpClientConnectionManager CONNECTIONS = new PoolingHttpClientConnectionManager();
        private static final CloseableHttpClient HTTP =
                HttpClients.custom().setConnectionManager(CONNECTIONS).build();

        static void plant(URI here) throws IOException {
            CONNECTIONS.setMaxTotal(EVICTED);
            CONNECTIONS.setDefaultMaxPerRoute(EVICTED);
            List<CloseableHttpResponse> responses = new ArrayList<>();
            for (int i = 0; i < EVICTED; i++) {
                responses.add(HTTP.execute(get(here, SMALL)));
            }
            for (CloseableHttpResponse response : responses) {
                EntityUtils.consume(response.getEntity());
                response.close();
            }
            CONNECTIONS.closeIdleConnections(0, TimeUnit.MILLISECONDS);
        }
    }

    /** One stream of HTTP/2 is in use. */
    static final class Streams {
        static void plant(URI there) throws IOException {
            OkHttpClient okHttp = new OkHttpClient.Builder()
                    .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                    .build();
            Response response = okHttp.newCall(request(there, "/")).execute();
            HELD.addAll(List.of(okHttp, response));
        }
    }

    /** The pool of HttpClient 4.0, which is still there beside those that are watched, and is not. */
    static final class Unsupported {
        @SuppressWarnings("deprecation")
        static void plant() {
            HELD.add(new org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager());
        }
    }

    /** A server that speaks HTTP/2 in the clear, and answers with the head and a part of the body. */
    private static final class Http2 implements AutoCloseable {
        private final Server server = new Server();
        private final ServerConnector connector;

        Http2() throws Exception {
            HTTP2CServerConnectionFactory factory = new HTTP2CServerConnectionFactory(new HttpConfiguration());
            factory.setMaxConcurrentStreams(STREAMS);
            connector = new ServerConnector(server, factory);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            server.setHandler(new Handler.Abstract() {
                @Override
                public boolean handle(
                        org.eclipse.jetty.server.Request request,
                        org.eclipse.jetty.server.Response response,
                        Callback callback) {
                    Content.Sink.write(response, false, "unfinished", Callback.NOOP);
                    return true;
                }
            });
            server.start();
        }

        URI uri() {
            return URI.create("http://localhost:" + connector.getLocalPort() + "/");
        }

        @Override
        public void close() throws Exception {
            server.stop();
        }
    }
}

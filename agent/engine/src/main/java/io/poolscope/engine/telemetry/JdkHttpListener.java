package io.poolscope.engine.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server of the JDK, on daemon threads.
 *
 * <p>The only class that names {@code com.sun.net.httpserver}, and public as all that it uses, because {@link HttpListeners}
 * may have to define it in another loader. Create it on a daemon thread: the server's own thread inherits that.
 */
public final class JdkHttpListener implements HttpListener, HttpHandler {

    private static final int THREADS = 2;
    private static final int QUEUE = 16;

    private final Handler handler;
    private final HttpServer server;
    private final ThreadPoolExecutor executor;

    /** Listens there. */
    public JdkHttpListener(InetSocketAddress address, Handler handler) throws IOException {
        this.handler = handler;
        this.server = HttpServer.create(address, 0);
        // Threads that come when they are needed, and go.
        this.executor = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), daemons());
        executor.allowCoreThreadTimeOut(true);
        server.setExecutor(executor);
        server.createContext("/", this);
        server.start();
    }

    private static ThreadFactory daemons() {
        return task -> {
            Thread thread = new Thread(task, "poolscope-http");
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (head || exchange.getRequestMethod().equals("GET")) {
                Answer answer = handler.answer(
                        exchange.getRequestURI().getPath(),
                        name -> exchange.getRequestHeaders().getFirst(name));
                send(exchange, answer, head);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, Answer.text(405, "only GET and HEAD"), false);
            }
        } finally {
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, Answer answer, boolean head) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        // The page must not be sniffed for another type, nor shown inside another site.
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("X-Frame-Options", "DENY");
        if (answer.encoding() != null) {
            exchange.getResponseHeaders().set("Content-Encoding", answer.encoding());
        }
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(answer.body().length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer.body());
        }
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}

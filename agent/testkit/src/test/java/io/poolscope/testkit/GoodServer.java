package io.poolscope.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty, with a connector for each scenario. Paths: {@code /bytes/n}, {@code /chunked/n}, {@code /delay/millis}, {@code /large} (two gigabytes, if anybody
 * reads them), {@code /redirect}, {@code /missing} (404), {@code /close/n} (Connection: close), {@code /never} (no answer at all).
 */
final class GoodServer implements AutoCloseable {

    private static final long LARGE = 2_000_000_000L;

    private final Server server;
    private final SslContextFactory.Server tls = new SslContextFactory.Server();
    private final ConcurrentHashMap<Integer, Port> ports = new ConcurrentHashMap<>();

    GoodServer(Path keyStore) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(1000, 20);
        threads.setDaemon(true);
        server = new Server(threads);
        server.setHandler(new Answers());
        tls.setKeyStorePath(keyStore.toString());
        tls.setKeyStorePassword(Trust.PASSWORD);
        // Started with the server, so that a connector that stops does not stop it for the others.
        server.addBean(tls);
        server.start();
    }

    Servers.Handle open(boolean secure, boolean http2) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
        ConnectionFactory[] factories = {http1};
        if (http2) {
            HTTP2ServerConnectionFactory h2 = new HTTP2ServerConnectionFactory(configuration);
            h2.setMaxConcurrentStreams(100);
            ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
            alpn.setDefaultProtocol(http1.getProtocol());
            factories = new ConnectionFactory[] {new SslConnectionFactory(tls, alpn.getProtocol()), alpn, h2, http1};
        } else if (secure) {
            factories = new ConnectionFactory[] {new SslConnectionFactory(tls, http1.getProtocol()), http1};
        }
        ServerConnector connector = new ServerConnector(server, null, null, null, 0, 1, factories);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(600_000);
        Port port = new Port(connector, secure);
        connector.addBean(port);
        connector.start();
        ports.put(connector.getLocalPort(), port);
        return port;
    }

    @Override
    public void close() throws Exception {
        for (Port port : ports.values()) {
            port.close();
        }
        server.stop();
    }

    /** One connector and what it saw. */
    private static final class Port implements Servers.Handle, SelectorManager.AcceptListener {
        private final ServerConnector connector;
        private final boolean secure;
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger concurrent = new AtomicInteger();

        Port(ServerConnector connector, boolean secure) {
            this.connector = connector;
            this.secure = secure;
        }

        @Override
        public void onAccepted(SelectableChannel channel) {
            connections.incrementAndGet();
        }

        void begin() {
            requests.incrementAndGet();
            int now = running.incrementAndGet();
            concurrent.accumulateAndGet(now, Math::max);
        }

        void end() {
            running.decrementAndGet();
        }

        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public String url() {
            return (secure ? "https" : "http") + "://127.0.0.1:" + connector.getLocalPort();
        }

        @Override
        public int observed(String which) {
            return switch (which) {
                case "connections" -> connections.get();
                case "requests" -> requests.get();
                default -> concurrent.get();
            };
        }

        @Override
        public void close() {
            try {
                connector.setShutdownIdleTimeout(0);
                connector.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final class Answers extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Port port = ports.get(Request.getLocalPort(request));
            port.begin();
            String[] path = Request.getPathInContext(request).split("/", -1);
            int number = path.length > 2 ? Integer.parseInt(path[2]) : 0;
            if (path[1].equals("never")) {
                return true;
            }
            if (path[1].equals("delay")) {
                Thread.sleep(number);
            }
            // Before the answer: who has it may ask again at once.
            port.end();
            switch (path[1]) {
                case "bytes" -> bytes(response, number, callback);
                case "gzip" -> gzip(response, number, callback);
                case "delay" -> bytes(response, 10, callback);
                case "close" -> {
                    response.getHeaders().put(HttpHeader.CONNECTION, "close");
                    bytes(response, number, callback);
                }
                case "missing" -> {
                    response.setStatus(404);
                    bytes(response, 500, callback);
                }
                case "redirect" -> {
                    response.setStatus(302);
                    response.getHeaders().put(HttpHeader.LOCATION, port.url() + "/bytes/10");
                    bytes(response, 20, callback);
                }
                case "chunked" -> stream(response, number, callback);
                case "large" -> {
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, LARGE);
                    stream(response, LARGE, callback);
                }
                default -> throw new IllegalArgumentException(path[1]);
            }
            return true;
        }

        /** Chunked, so that only the last chunk ends it, which a reader of the compressed data does not need. */
        private static void gzip(Response response, int length, Callback callback) throws IOException {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                zip.write(new byte[length]);
            }
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
            ByteBuffer first = ByteBuffer.wrap(zipped.toByteArray());
            response.write(
                    false,
                    first,
                    Callback.from(() -> response.write(true, ByteBuffer.allocate(0), callback), callback::failed));
        }

        private static void bytes(Response response, int length, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
            response.write(true, ByteBuffer.allocate(length), callback);
        }

        private static void stream(Response response, long length, Callback callback) throws java.io.IOException {
            byte[] chunk = new byte[16 * 1024];
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                if (length < chunk.length) {
                    out.write(chunk, 0, (int) length / 2);
                    out.flush();
                    out.write(chunk, 0, (int) (length - length / 2));
                } else {
                    for (long sent = 0; sent < length; sent += chunk.length) {
                        out.write(chunk, 0, (int) Math.min(chunk.length, length - sent));
                    }
                }
            }
            callback.succeeded();
        }
    }
}

package io.poolscope.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;

/** Opens the servers that scenarios ask for. They stand in the test's JVM, where no agent sees them. */
final class Servers implements AutoCloseable {

    /** One server on a port of its own, which is what makes a scenario's series its own. */
    interface Handle extends AutoCloseable {
        int port();

        String url();

        /** What it saw: {@code connections}, {@code requests} or {@code concurrent}. */
        int observed(String which);

        /** Whether it is on the way to others and nobody's origin. */
        default boolean isProxy() {
            return false;
        }

        @Override
        void close();
    }

    private final GoodServer good;

    Servers(Path keyStore) throws Exception {
        good = new GoodServer(keyStore);
    }

    Handle open(Scenario.Server kind) throws Exception {
        return switch (kind) {
            case GOOD -> good.open(false, false);
            case TLS -> good.open(true, false);
            case HTTP2 -> good.open(true, true);
            case BAD -> new Misbehaving();
            case GONE -> gone();
            case PROXY -> new ForwardProxy();
        };
    }

    /** Bound and not listening: it refuses, and nobody else gets the port meanwhile. */
    private static Handle gone() throws IOException {
        Socket bound = new Socket();
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = bound.getLocalPort();
        return new Handle() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public String url() {
                return "http://127.0.0.1:" + port;
            }

            @Override
            public int observed(String which) {
                return 0;
            }

            @Override
            public void close() {
                try {
                    bound.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Override
    public void close() throws Exception {
        good.close();
    }
}

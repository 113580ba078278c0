package io.poolscope.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that misbehaves on purpose, by path: {@code /bytes/n} (well behaved), {@code /then-close/millis} (answers, promises to stay and is gone after a
 * while), {@code /reset/n} (a tenth of the body, then a TCP reset), {@code /http10/n} (HTTP/1.0, the body ends with the
 * connection).
 */
final class Misbehaving implements Servers.Handle {

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    Misbehaving() throws IOException {
        listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        thread(() -> {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                thread(() -> serve(socket));
            }
        });
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException e) {
                        // The other side is gone, or the server is closed.
                    }
                },
                "misbehaving");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket socket) throws IOException, InterruptedException {
        try (Socket closing = socket) {
            closing.setTcpNoDelay(true);
            BufferedReader in = new BufferedReader(new InputStreamReader(closing.getInputStream(), ISO_8859_1));
            OutputStream out = closing.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] path = line.split(" ", -1)[1].split("/", -1);
                for (String header = in.readLine(); header != null && !header.isEmpty(); ) {
                    header = in.readLine();
                }
                requests.incrementAndGet();
                if (!answer(closing, out, path[1], path.length > 2 ? Integer.parseInt(path[2]) : 0)) {
                    return;
                }
            }
        } finally {
            open.remove(socket);
        }
    }

    /** Whether the connection stays. */
    private static boolean answer(Socket socket, OutputStream out, String path, int number)
            throws IOException, InterruptedException {
        switch (path) {
            case "bytes" -> {
                head(out, "HTTP/1.1", "Content-Length: " + number);
                out.write(new byte[number]);
                return true;
            }
            case "then-close" -> {
                head(out, "HTTP/1.1", "Content-Length: 10");
                out.write(new byte[10]);
                Thread.sleep(number);
                return false;
            }
            case "reset" -> {
                head(out, "HTTP/1.1", "Content-Length: " + number);
                out.write(new byte[number / 10]);
                Thread.sleep(20);
                socket.setSoLinger(true, 0);
                return false;
            }
            case "http10" -> {
                head(out, "HTTP/1.0", "X-Kit: until close");
                out.write(new byte[number]);
                return false;
            }
            default -> throw new IOException(path);
        }
    }

    private static void head(OutputStream out, String version, String header) throws IOException {
        out.write((version + " 200 OK\r\n" + header + "\r\n\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public int observed(String which) {
        return switch (which) {
            case "connections" -> connections.get();
            case "requests" -> requests.get();
            default -> 0;
        };
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

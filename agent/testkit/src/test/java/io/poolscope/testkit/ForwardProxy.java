package io.poolscope.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A forward proxy, with tunnels, that leads every name to this machine. It misbehaves on purpose, by the name of the host that is asked for: {@code
 * refuse-407.kit.test} and {@code refuse-502.kit.test} (answers so and stays), {@code ask.kit.test} and {@code ask-and-close.kit.test} (answers 407 to
 * whom it does not know, and stays or not), {@code hang-up.kit.test} (promises a tunnel and is gone), {@code cut.kit.test} (resets the tunnel after {@value #CUT} bytes of what comes back). Tunnels take {@value #DIGGING} milliseconds to open.
 */
final class ForwardProxy implements Servers.Handle {

    private static final int DIGGING = 300;
    private static final int CUT = 200_000;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    ForwardProxy() throws IOException {
        listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        thread(() -> {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
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
                        // One of the two sides is gone, or the proxy is closed.
                    }
                },
                "forward-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        open.add(client);
        try (Socket closing = client) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            for (String head = head(in); head != null; head = head(in)) {
                requests.incrementAndGet();
                String[] request = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
                if (!request[0].equals("CONNECT")) {
                    forward(client, in, head);
                    return;
                }
                String host = request[1].substring(0, request[1].lastIndexOf(':'));
                int port = Integer.parseInt(request[1].substring(request[1].lastIndexOf(':') + 1));
                boolean asks =
                        host.startsWith("ask") && !head.contains("\r\nProxy-Authorization: Basic a2l0OnBvb2xzY29wZQ==");
                if (!asks && !host.startsWith("refuse-")) {
                    tunnel(client, in, out, host, port);
                    return;
                }
                String status = asks ? "407" : host.substring("refuse-".length(), host.indexOf('.'));
                boolean closes = host.startsWith("ask-and-close.");
                String why = "no way through to " + request[1];
                out.write(("HTTP/1.1 " + status + " No\r\nProxy-Authenticate: Basic realm=\"kit\"\r\n"
                                + (closes ? "Connection: close\r\n" : "") + "Content-Length: "
                                + why.length() + "\r\n\r\n" + why)
                        .getBytes(ISO_8859_1));
                out.flush();
                if (closes) {
                    return;
                }
            }
        } finally {
            open.remove(client);
        }
    }

    /** Up to the empty line and with it; null at the end of the stream. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
            if (ends == 2) {
                return head.toString(ISO_8859_1);
            }
        }
        return null;
    }

    private void tunnel(Socket client, InputStream in, OutputStream out, String host, int port)
            throws IOException, InterruptedException {
        Thread.sleep(DIGGING);
        out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(ISO_8859_1));
        out.flush();
        if (host.startsWith("hang-up.")) {
            return;
        }
        try (Socket origin = origin(port)) {
            thread(() -> {
                try {
                    in.transferTo(origin.getOutputStream());
                } finally {
                    origin.close();
                }
            });
            back(origin, client, host.startsWith("cut.") ? CUT : Long.MAX_VALUE);
        }
    }

    /** All requests of a client's connection go to one origin: pools keep connections by route. */
    private void forward(Socket client, InputStream in, String first) throws IOException {
        URI target = target(first);
        try (Socket origin = origin(target.getPort())) {
            thread(() -> {
                try {
                    for (String head = first; head != null; head = head(in)) {
                        if (head != first) {
                            requests.incrementAndGet();
                        }
                        URI next = target(head);
                        if (next.getPort() != target.getPort()) {
                            throw new IOException("first " + target + ", then " + next);
                        }
                        String absolute = head.split(" ", 3)[1];
                        origin.getOutputStream()
                                .write(head.replace(" " + absolute + " ", " " + next.getRawPath() + " ")
                                        .getBytes(ISO_8859_1));
                    }
                } finally {
                    origin.close();
                }
            });
            back(origin, client, Long.MAX_VALUE);
        }
    }

    private static URI target(String head) throws IOException {
        URI target = URI.create(head.split(" ", 3)[1]);
        if (!target.isAbsolute()) {
            throw new IOException("not meant for a proxy: " + head);
        }
        return target;
    }

    private Socket origin(int port) throws IOException {
        Socket origin = new Socket(InetAddress.getLoopbackAddress(), port);
        origin.setTcpNoDelay(true);
        open.add(origin);
        return origin;
    }

    private void back(Socket origin, Socket client, long limit) throws IOException {
        try {
            byte[] buffer = new byte[8192];
            long sent = 0;
            InputStream in = origin.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int n = in.read(buffer); n >= 0 && sent < limit; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                sent += n;
            }
            if (sent >= limit) {
                client.setSoLinger(true, 0);
            }
        } finally {
            open.remove(origin);
        }
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
    public boolean isProxy() {
        return true;
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

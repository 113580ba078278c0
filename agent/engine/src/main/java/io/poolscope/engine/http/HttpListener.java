package io.poolscope.engine.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A port on which GET and HEAD are answered.
 *
 * <p>It lives in somebody else's process, so all that it can take is bounded, whoever asks and however slowly: the
 * connections ({@link #CONNECTIONS}; one more takes the place of the one that has kept us waiting for longest), the head
 * of a request, the bytes of answers that are not fetched, and the time for each of these. One thread reads and writes and
 * never waits for anybody; answers are made by two more, which come when they are needed, and go. All are daemons and keep
 * nothing of the thread that opens the port.
 *
 * <p>Thread-safe; everything behind the selector is confined to its thread.
 */
public final class HttpListener implements AutoCloseable {

    /** So many connections at once. */
    static final int CONNECTIONS = 16;
    /** No head of a request is longer, in bytes. */
    static final int HEAD = 8192;
    /** While more than this waits to be fetched, nothing else is answered: four scrapes at the bounds. */
    static final int UNFETCHED = 6_000_000;

    private static final int SEND_BUFFER = 65_536;
    private static final long S = 1_000_000_000L;
    private static final int THREADS = 2;

    private static final Answer BUSY = Answer.text(503, "too much is asked at once");

    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    /** What every answer says: it must not be sniffed for another type, framed, kept, or read by another site. */
    private static final String ALWAYS = "X-Content-Type-Options: nosniff\r\n"
            + "X-Frame-Options: DENY\r\n"
            + "Referrer-Policy: no-referrer\r\n"
            + "Cross-Origin-Resource-Policy: same-origin\r\n"
            + "Cross-Origin-Opener-Policy: same-origin\r\n"
            + "Cache-Control: no-store\r\n"
            // Trusted types: no text can become markup or script, whatever the page's own code does with it.
            + "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'\r\n";

    /** What a connection is at, and how long that may last. */
    private enum State {
        /** The head of a request is awaited, its first byte or the next. */
        READING(5),
        /** Between two requests. */
        IDLE(20),
        /** Another thread makes the answer; there is nothing to end here. */
        ANSWERING(Integer.MAX_VALUE),
        /** The answer is being fetched. */
        WRITING(10),
        /** All is said; what still comes is thrown away, because a close would tear the answer off. */
        LEAVING(1);

        final int seconds;

        State(int seconds) {
            this.seconds = seconds;
        }
    }

    private final Handler handler;
    /** How long a second is, in nanoseconds. */
    private final long second;

    private final ServerSocketChannel server;
    private final Selector selector;
    private final SelectionKey accepting;
    private final int port;
    private final ThreadPoolExecutor workers;
    private final Queue<Connection> answered = new ConcurrentLinkedQueue<>();
    /** In the order in which they entered their states. */
    private final Set<Connection> connections = new LinkedHashSet<>();

    /** Bytes of answers that are made and not fetched. */
    private final AtomicLong unfetched = new AtomicLong();

    private long recoversAt;
    private volatile boolean isClosed;

    private HttpListener(InetSocketAddress address, Handler handler, long second) throws IOException {
        this.handler = handler;
        this.second = second;
        server = ServerSocketChannel.open();
        Selector opened = null;
        try {
            server.bind(address);
            server.configureBlocking(false);
            opened = Selector.open();
            accepting = server.register(opened, SelectionKey.OP_ACCEPT);
            port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        } catch (IOException | RuntimeException e) {
            server.close();
            if (opened != null) {
                opened.close();
            }
            throw e;
        }
        selector = opened;
        AtomicInteger number = new AtomicInteger();
        workers = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(CONNECTIONS),
                task -> daemon("poolscope-http-" + number.incrementAndGet(), task));
        workers.allowCoreThreadTimeOut(true);
    }

    /**
     * Listens there.
     *
     * @throws IOException if that cannot be: the port is taken, the address is none of this machine
     */
    public static HttpListener open(InetSocketAddress address, Handler handler) throws IOException {
        return open(address, handler, S);
    }

    /** The same with other seconds, for tests that have less patience. */
    static HttpListener open(InetSocketAddress address, Handler handler, long second) throws IOException {
        HttpListener listener = new HttpListener(address, handler, second);
        daemon("poolscope-http", listener::run).start();
        return listener;
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(HttpListener.class.getClassLoader());
        return thread;
    }

    /** The port. */
    public int port() {
        return port;
    }

    /** Stops listening, without waiting for anybody; the port is free a moment later. */
    @Override
    public void close() {
        isClosed = true;
        workers.shutdownNow();
        selector.wakeup();
    }

    private void run() {
        while (!isClosed) {
            try {
                selector.select(connections.isEmpty() && recoversAt == 0 ? 0 : 250);
                long now = System.nanoTime();
                List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
                selector.selectedKeys().clear();
                for (SelectionKey key : ready) {
                    if (key == accepting) {
                        accept(now);
                    } else {
                        ((Connection) key.attachment()).proceed(now);
                    }
                }
                for (Connection connection = answered.poll(); connection != null; connection = answered.poll()) {
                    connection.send(now);
                }
                expire(now);
            } catch (Throwable failure) {
                // Out of memory, most likely: nobody is served better by a server that has gone.
                recover(System.nanoTime());
            }
        }
        closeQuietly(server);
        connections.forEach(connection -> closeQuietly(connection.channel));
        closeQuietly(selector);
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception ignored) {
            // It is closed for all we care.
        }
    }

    private void accept(long now) {
        try {
            // Not one in a round: they may come faster than rounds go, and who is late waits for a second.
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketChannel channel = server.accept();
                if (channel == null) {
                    return;
                }
                if (connections.size() >= CONNECTIONS) {
                    longestWaitedFor().close();
                }
                new Connection(channel).enter(State.READING, now);
            }
        } catch (IOException | RuntimeException e) {
            recover(now);
        }
    }

    /** The process may have no file descriptor left; asking for one again and again would take a whole core. */
    private void recover(long now) {
        if (accepting.isValid()) {
            accepting.interestOps(0);
            recoversAt = now + second;
        }
    }

    /** The first that does not wait for us; if all do, the first. */
    private Connection longestWaitedFor() {
        for (Connection connection : connections) {
            if (connection.state != State.ANSWERING) {
                return connection;
            }
        }
        return connections.iterator().next();
    }

    private void expire(long now) {
        for (Connection connection : new ArrayList<>(connections)) {
            if (now - connection.since > connection.state.seconds * second) {
                connection.close();
            }
        }
        if (recoversAt != 0 && now - recoversAt >= 0) {
            recoversAt = 0;
            accepting.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    /** Somebody who asks. Confined to the selector's thread, but for {@link #answer} and what that leaves. */
    private final class Connection {

        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer in = ByteBuffer.allocate(HEAD);
        private State state = State.READING;
        private long since;
        private ByteBuffer out;
        private boolean isLast;
        /** Nobody is there any more who would fetch an answer. */
        private volatile boolean isGone;
        /** Left by who made the answer. */
        private volatile byte[] made;

        Connection(SocketChannel channel) throws IOException {
            this.channel = channel;
            try {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                // The kernel would take in megabytes, which a container has to pay for.
                channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
                key = channel.register(selector, SelectionKey.OP_READ, this);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        private void enter(State next, long now) {
            state = next;
            since = now;
            connections.remove(this);
            connections.add(this);
        }

        /** The socket is ready for what is waited for. */
        void proceed(long now) {
            try {
                switch (state) {
                    case READING:
                    case IDLE:
                        read(now);
                        break;
                    case WRITING:
                        write(now);
                        break;
                    case LEAVING:
                        in.clear();
                        if (channel.read(in) < 0) {
                            close();
                        }
                        break;
                    default:
                }
            } catch (IOException | RuntimeException gone) {
                close();
            }
        }

        private void read(long now) throws IOException {
            int count = channel.read(in);
            if (count < 0) {
                close();
                return;
            }
            if (state == State.IDLE && count > 0) {
                enter(State.READING, now);
            }
            next(now);
        }

        /** Takes the next request out of what has come, if all of its head has. */
        private void next(long now) throws IOException {
            int end = endOfHead();
            if (end < 0) {
                if (!in.hasRemaining()) {
                    refuse(Answer.text(431, "a head of more than " + HEAD + " bytes"), now);
                }
                return;
            }
            Head head = Head.parse(in.array(), end);
            in.flip().position(end + END_OF_HEAD.length);
            in.compact();
            if (head == null) {
                refuse(Answer.text(400, "that is not understood"), now);
            } else if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
                refuse(Answer.text(405, "only GET and HEAD").with("Allow", "GET, HEAD"), now);
            } else {
                ask(head, now);
            }
        }

        private int endOfHead() {
            byte[] bytes = in.array();
            for (int i = 0; i + END_OF_HEAD.length <= in.position(); i++) {
                if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                    return i;
                }
            }
            return -1;
        }

        private void refuse(Answer answer, long now) throws IOException {
            isLast = true;
            out(counted(written(answer, false, true)), now);
        }

        private void ask(Head head, long now) throws IOException {
            isLast = head.isLast();
            key.interestOps(0);
            enter(State.ANSWERING, now);
            try {
                workers.execute(() -> answer(head));
            } catch (RejectedExecutionException full) {
                out(counted(written(BUSY, false, isLast)), now);
            }
        }

        /** On a thread of its own. */
        private void answer(Head head) {
            if (isGone) {
                return;
            }
            Answer answer;
            try {
                answer = unfetched.get() > UNFETCHED ? BUSY : handler.answer(head.path(), head::header);
            } catch (Throwable failure) {
                answer = Answer.text(
                        500,
                        "an error of Poolscope's own: " + failure.getClass().getName());
            }
            made = counted(written(answer, head.method().equals("HEAD"), isLast));
            answered.add(this);
            selector.wakeup();
        }

        /** The answer is there; who asked may not be any more. */
        void send(long now) {
            byte[] bytes = made;
            // Before it is sent: the next answer may be made before that returns.
            made = null;
            if (isGone) {
                unfetched.addAndGet(-bytes.length);
                return;
            }
            try {
                out(bytes, now);
            } catch (IOException | RuntimeException gone) {
                close();
            }
        }

        private byte[] counted(byte[] bytes) {
            unfetched.addAndGet(bytes.length);
            return bytes;
        }

        private void out(byte[] bytes, long now) throws IOException {
            out = ByteBuffer.wrap(bytes);
            enter(State.WRITING, now);
            write(now);
        }

        private void write(long now) throws IOException {
            unfetched.addAndGet(-channel.write(out));
            if (out.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                return;
            }
            out = null;
            key.interestOps(SelectionKey.OP_READ);
            if (isLast) {
                channel.shutdownOutput();
                enter(State.LEAVING, now);
            } else {
                enter(State.IDLE, now);
                next(now);
            }
        }

        void close() {
            unfetched.addAndGet(out == null ? 0 : -out.remaining());
            out = null;
            isGone = true;
            connections.remove(this);
            closeQuietly(channel);
        }
    }

    /** The bytes of an answer. */
    private static byte[] written(Answer answer, boolean isHead, boolean isLast) {
        StringBuilder head = new StringBuilder(1024);
        head.append("HTTP/1.1 ").append(answer.status()).append(' ');
        head.append(reason(answer.status())).append("\r\n");
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        head.append("Content-Length: ").append(answer.body().length).append("\r\n");
        head.append(ALWAYS).append(isLast ? "Connection: close\r\n\r\n" : "\r\n");
        byte[] first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream all = new ByteArrayOutputStream(first.length + answer.body().length);
        all.write(first, 0, first.length);
        if (!isHead) {
            all.write(answer.body(), 0, answer.body().length);
        }
        return all.toByteArray();
    }

    private static String reason(int status) {
        switch (status) {
            case 200:
                return "OK";
            case 400:
                return "Bad Request";
            case 401:
                return "Unauthorized";
            case 403:
                return "Forbidden";
            case 404:
                return "Not Found";
            case 405:
                return "Method Not Allowed";
            case 431:
                return "Request Header Fields Too Large";
            case 500:
                return "Internal Server Error";
            case 503:
                return "Service Unavailable";
            default:
                return "Answer";
        }
    }
}

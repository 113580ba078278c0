package io.poolscope.engine.http;

import static io.poolscope.engine.http.Asking.ask;
import static io.poolscope.engine.http.Asking.rest;
import static io.poolscope.engine.http.Asking.say;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over a socket, from clients that behave and from such as do not. */
@Timeout(60)
class HttpListenerTest {

    private static final long MS = 1_000_000L;
    private static final int BIG = 1_500_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch leave = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        leave.countDown();
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private Answer answer(String path, UnaryOperator<String> header) {
        switch (path) {
            case "/big":
                return Answer.of(200, "application/octet-stream", new byte[BIG]);
            case "/fails":
                throw new IllegalStateException("<secret>");
            case "/waits":
                try {
                    leave.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Answer.text(200, "at last");
            default:
                return Answer.text(200, "path " + path + " host " + header.apply("HOST"));
        }
    }

    /** Its seconds are so long. */
    private HttpListener listen(long second) throws IOException {
        HttpListener listener =
                HttpListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::answer, second);
        open.add(listener);
        return listener;
    }

    private int port() throws IOException {
        return listen(1_000 * MS).port();
    }

    private Socket connect(int port, String text) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    @Test
    void everyAnswerKeepsABrowserFromDoingMoreThanShowIt() throws Exception {
        int port = port();

        for (String request : List.of("GET /", "GET /fails", "POST /", "GET http://elsewhere/")) {
            assertThat(ask(port, request, "Host: x"))
                    .as(request)
                    .contains("\nX-Content-Type-Options: nosniff\n")
                    .contains("\nReferrer-Policy: no-referrer\n")
                    .contains("\nX-Frame-Options: DENY\n")
                    .contains("\nCross-Origin-Resource-Policy: same-origin\n")
                    .contains("\nCross-Origin-Opener-Policy: same-origin\n")
                    .contains("\nCache-Control: no-store\n")
                    .contains("\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';"
                            + " connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'\n")
                    .doesNotContainIgnoringCase("Access-Control-");
        }
    }

    @Test
    void theQueryIsNotPartOfThePath() throws Exception {
        assertThat(ask(port(), "GET /a/b?c=d&e", "Host: x")).endsWith("\npath /a/b host x");
    }

    @Test
    void requestsFollowEachOtherOnAConnection() throws Exception {
        Socket socket = connect(port(), "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = in.readLine(); !line.startsWith("path"); line = in.readLine()) {
            assertThat(line).doesNotContain("close");
        }
        socket.getOutputStream()
                .write("GET /2 HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(in.lines()).contains("Connection: close", "path /2 host b");
    }

    @Test
    void requestsMayComeAtOnceOrInPieces() throws Exception {
        int port = port();
        assertThat(say(
                        port,
                        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n"
                                + "GET /3 HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\r\n"))
                .containsSubsequence("path /1 host a", "path /2 host b", "path /3 host c");

        Socket slow = connect(port, "GET /4 HT");
        assertThat(ask(port, "GET /5", "Host: x")).contains("path /5");
        for (String piece : List.of("TP/1.1\r", "\nHost: d\r\nConnection: close\r\n\r", "\n")) {
            slow.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(rest(slow)).contains("path /4 host d");
    }

    @Test
    void ofAHeadThereIsNoBody() throws Exception {
        assertThat(ask(port(), "HEAD /big", "Host: x"))
                .startsWith("HTTP/1.1 200 OK\n")
                .contains("\nContent-Length: " + BIG + "\n")
                .hasSizeLessThan(2_000);
    }

    @Test
    void whoSendsABodyIsToldNoAndHeardOut() throws Exception {
        int port = port();
        String body = "x".repeat(500_000);

        assertThat(say(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 405 ")
                .contains("\nAllow: GET, HEAD\n")
                .endsWith("only GET and HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://127.0.0.1/ HTTP/1.1\r\nHost: localhost",
                "GET / HTTP/2.0\r\nHost: x",
                "GET  / HTTP/1.1\r\nHost: x",
                "GET /\r\nHost: x",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y",
                "GET / HTTP/1.1\r\nHost: x\r\n folded: y",
                "GET / HTTP/1.1\r\nHost : x",
                "GET / HTTP/1.1\r\nHost: x\nOther: y",
                "GET / HTTP/1.1\r\nno colon",
                "GET / HTTP/1.1\r\nAuthorization: a\r\nAuthorization: b",
                "\0\1\2"
            })
    void whatCanBeReadInTwoWaysIsRefused(String head) throws Exception {
        assertThat(say(port(), head + "\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aHeadHasABound() throws Exception {
        assertThat(ask(port(), "GET /", "Host: x", "Cookie: " + "x".repeat(HttpListener.HEAD)))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void anErrorOfOursIsAnAnswerAndTellsNothing() throws Exception {
        assertThat(ask(port(), "GET /fails", "Host: x"))
                .startsWith("HTTP/1.1 500 ")
                .doesNotContain("secret");
    }

    @Test
    void whoeverConnectsAndSaysNothingDoesNotKeepOthersOut() throws Exception {
        int port = port();
        for (int i = 0; i < 3 * HttpListener.CONNECTIONS; i++) {
            connect(port, i % 2 == 0 ? "" : "GET /slow HTTP/1.1\r\nHo");
            if (i % 8 == 7) {
                assertThat(ask(port, "GET /", "Host: x")).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void whoeverFetchesNothingNeitherKeepsOthersOutNorMuchMemory() throws Exception {
        int port = port();
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < HttpListener.CONNECTIONS - 1; i++) {
            readers.add(connect(port, "GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        }
        List<String> statuses = new ArrayList<>();
        for (Socket reader : readers) {
            byte[] status = new byte[12];
            reader.getInputStream().readNBytes(status, 0, status.length);
            statuses.add(new String(status, StandardCharsets.US_ASCII));
        }

        // Four fill the bound; those that two threads had in hand by then are made all the same.
        assertThat(statuses.stream().filter("HTTP/1.1 200"::equals).count())
                .isBetween(1L, (HttpListener.UNFETCHED / BIG) + 3L);
        assertThat(statuses).contains("HTTP/1.1 503");
        for (Socket reader : readers) {
            reader.close();
        }
        Awaitility.await().until(() -> ask(port, "GET /", "Host: x").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void nobodyMayTakeForEver() throws Exception {
        int port = listen(50 * MS).port();

        Socket silent = connect(port, "");
        Socket half = connect(port, "GET / HTTP/1.1\r\nHost: x");
        Socket idle = connect(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Socket unread = connect(port, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(rest(silent)).isEmpty();
        assertThat(rest(half)).isEmpty();
        assertThat(rest(idle)).contains("path /");
        Awaitility.await()
                .untilAsserted(() -> assertThat(ask(port, "GET /", "Host: x")).contains("path /"));
        // What had been sent is still there; then the connection is at an end long before the answer is.
        assertThat(read(unread)).isLessThan(BIG);
    }

    private static long read(Socket socket) {
        long all = 0;
        byte[] buffer = new byte[65_536];
        try {
            for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
                all += count;
            }
        } catch (IOException reset) {
            // That is an end as well.
        }
        return all;
    }

    @Test
    void answersThatTakeLongKeepNobodyOutForMoreThanTheirOwn() throws Exception {
        int port = port();
        for (int i = 0; i < 2; i++) {
            connect(port, "GET /waits HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        Socket third = connect(port, "GET /third HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        // Refused without a thread of those two.
        assertThat(ask(port, "POST /", "Host: x")).startsWith("HTTP/1.1 405 ");

        leave.countDown();

        assertThat(rest(third)).contains("path /third");
    }

    @Test
    void aFloodOfConnectionsIsSurvived() throws Exception {
        int port = port();
        for (int i = 0; i < 500; i++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        Awaitility.await().until(() -> ask(port, "GET /", "Host: x").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void closingFreesThePortAndEndsItsThreads() throws Exception {
        HttpListener listener = listen(1_000 * MS);
        assertThat(ask(listener.port(), "GET /", "Host: x")).contains("path /");
        connect(listener.port(), "GET /waits HTTP/1.1\r\nHost: x\r\n\r\n");
        List<Thread> threads = threads();
        assertThat(threads).isNotEmpty();

        listener.close();

        Awaitility.await().ignoreExceptions().until(() -> {
            try (ServerSocket again = new ServerSocket()) {
                again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
                return true;
            }
        });
        for (Thread thread : threads) {
            assertThat(thread.isDaemon()).isTrue();
            thread.join(TimeUnit.SECONDS.toMillis(20));
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    /** Those of ours that are there now. */
    private static List<Thread> threads() {
        List<Thread> threads = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("poolscope-http")) {
                threads.add(thread);
            }
        }
        return threads;
    }
}

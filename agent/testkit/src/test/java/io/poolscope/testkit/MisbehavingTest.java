package io.poolscope.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class MisbehavingTest {

    @Test
    void resetsAConnectionInTheMiddleOfABody() throws IOException {
        try (Misbehaving server = new Misbehaving();
                Socket socket = ask(server, "/reset/10000")) {
            InputStream in = socket.getInputStream();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void promisesToStayAndCloses() throws IOException {
        try (Misbehaving server = new Misbehaving();
                Socket socket = ask(server, "/then-close/50")) {
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
                    .hasSize(49);
        }
    }

    @Test
    void speaksHttp10WithABodyThatEndsWithTheConnection() throws IOException {
        try (Misbehaving server = new Misbehaving();
                Socket socket = ask(server, "/http10/100")) {
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.0 200 OK").doesNotContain("Content-Length");
            assertThat(server.observed("connections")).isEqualTo(1);
            assertThat(server.observed("requests")).isEqualTo(1);
        }
    }

    private static Socket ask(Misbehaving server, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(ISO_8859_1));
        return socket;
    }
}

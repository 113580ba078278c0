package io.poolscope.engine.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Requests by hand: clients do not let one choose the Host, nor misbehave. */
public final class Asking {

    private Asking() {}

    /** One request on a connection of its own; returns all that comes back. */
    public static String ask(int port, String requestLine, String... headers) throws IOException {
        String head = requestLine + " HTTP/1.1\r\nConnection: close\r\n"
                + Arrays.stream(headers).map(header -> header + "\r\n").collect(Collectors.joining())
                + "\r\n";
        return say(port, head);
    }

    /** Says this, and returns all that comes back until the other side closes. */
    public static String say(int port, String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return rest(socket);
        }
    }

    /** All that still comes. */
    public static String rest(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .lines()
                .collect(Collectors.joining("\n"));
    }
}

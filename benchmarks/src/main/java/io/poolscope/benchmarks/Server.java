package io.poolscope.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What the programs ask: a few bytes, on as many ports as there are routes wanted, in the harness's own process. */
final class Server implements AutoCloseable {

    private static final byte[] SMALL = new byte[100];
    private static final byte[] LARGE = new byte[300_000];

    private final List<HttpServer> servers = new ArrayList<>();

    Server(int ports) throws IOException {
        for (int i = 0; i < ports; i++) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> answer(exchange, SMALL));
            server.createContext("/last", exchange -> {
                exchange.getResponseHeaders().set("Connection", "close");
                answer(exchange, SMALL);
            });
            server.createContext("/large", exchange -> answer(exchange, LARGE));
            server.start();
            servers.add(server);
        }
    }

    private static void answer(HttpExchange exchange, byte[] body) {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException gone) {
            // Clients that lose the large body on purpose close the connection in the midst of it.
        }
    }

    /** Its origins: {@code http://127.0.0.1:41234}. */
    List<String> origins() {
        return servers.stream()
                .map(server -> "http://127.0.0.1:" + server.getAddress().getPort())
                .toList();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}

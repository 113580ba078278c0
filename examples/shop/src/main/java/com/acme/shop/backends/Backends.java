package com.acme.shop.backends;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The services that the shop calls. In life they would run on other machines; here one Jetty is all of them. */
public final class Backends implements AutoCloseable {
    private static final Duration PATIENT = Duration.ofMinutes(5);
    private static final Duration STRICT = Duration.ofSeconds(1);
    private static final String PAGE = "<p>A lamp that gives light, in brass and glass.</p>\n".repeat(200);
    private static final String WRITTEN = "{\"index\":{\"result\":\"updated\",\"status\":200}}\n".repeat(25);
    private static final String SALES = "2026-11-22T09:14:03Z,lamp-17,1,49.90,EUR,paid\n".repeat(100);

    private final Server server = new Server(new QueuedThreadPool(80, 8));
    private final Map<String, Backend> byName = new LinkedHashMap<>();

    public Backends() throws Exception {
        add("warehouse", PATIENT, Backends::warehouse);
        add("prices", PATIENT, (request, response) -> whole(response, "text/plain", "49.90"));
        add("catalogue", PATIENT, Backends::catalogue);
        add("search", PATIENT, Backends::search);
        add("recommender", PATIENT, Backends::recommender);
        add("carrier", STRICT, Backends::carrier);
        add("archive", PATIENT, Backends::archive);
        server.setHandler(new AbstractHandler() {
            @Override
            public void handle(String target, Request request, HttpServletRequest asked, HttpServletResponse response)
                    throws IOException {
                request.setHandled(true);
                byName.get(request.getHttpChannel().getConnector().getName()).handle(request, response);
            }
        });
        server.start();
    }

    private void add(String name, Duration idleTimeout, Backend.Answer answer) {
        Backend backend = new Backend(name, idleTimeout, idleTimeout == PATIENT, answer, server);
        backend.connector().setName(name);
        byName.put(name, backend);
    }

    public URI uri(String name) {
        return byName.get(name).uri();
    }

    public Collection<Backend> all() {
        return byName.values();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static void warehouse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().contains("discontinued")) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            whole(response, "application/json", "{\"error\":\"no such article\"}");
        } else {
            whole(response, "text/plain", "12");
        }
    }

    private static void catalogue(HttpServletRequest request, HttpServletResponse response) throws IOException {
        inPieces(response, "text/html", PAGE, 3);
    }

    private static void search(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.getInputStream().readAllBytes();
        inPieces(response, "application/json", WRITTEN, 4);
    }

    /** Thinks a while. */
    private static void recommender(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(80);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
        whole(response, "application/json", "[\"lamp-3\",\"lamp-5\",\"table-8\"]");
    }

    private static void carrier(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.getInputStream().readAllBytes();
        response.setStatus(HttpServletResponse.SC_CREATED);
        whole(response, "application/json", "{\"booked\":true}");
    }

    private static void archive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        inPieces(response, "text/csv", SALES, 8);
    }

    /** With its Content-Length. */
    private static void whole(HttpServletResponse response, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Chunked. */
    private static void inPieces(HttpServletResponse response, String type, String piece, int pieces)
            throws IOException {
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        response.setContentType(type);
        for (int i = 0; i < pieces; i++) {
            response.getOutputStream().write(bytes);
            response.flushBuffer();
        }
    }
}

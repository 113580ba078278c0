package com.acme.bulk;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Where no Elasticsearch is: answers {@code POST /_bulk} as it does, chunked, with an item of some 165 bytes for each
 * document, and not compressed, as is Elasticsearch's default over TLS. Keeps no document and every connection.
 *
 * <p>It can be far away ({@link Line}).
 */
final class Endpoint implements AutoCloseable {
    private static final Pattern ACTION =
            Pattern.compile("\\{\"index\":\\{\"_index\":\"([^\"]+)\",\"_id\":\"([^\"]+)\"}}");

    private final Server server;
    private final ServerConnector connector;
    private final ConnectionStatistics connections = new ConnectionStatistics();
    private final Map<EndPoint, Line> lines = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder documents = new LongAdder();

    Endpoint(Duration roundTrip, int clients) throws Exception {
        this.server = new Server(new QueuedThreadPool(2 * clients + 8));
        this.connector = new ServerConnector(server, 1, 1);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setIdleTimeout(Duration.ofMinutes(5).toMillis());
        connector.addBean(connections);
        connector.addBean(new Connection.Listener() {
            @Override
            public void onOpened(Connection connection) {
                lines.put(connection.getEndPoint(), new Line(roundTrip));
            }

            @Override
            public void onClosed(Connection connection) {
                lines.remove(connection.getEndPoint());
            }
        });
        server.addConnector(connector);
        server.setHandler(new AbstractHandler() {
            @Override
            public void handle(String target, Request request, HttpServletRequest asked, HttpServletResponse response)
                    throws IOException {
                request.setHandled(true);
                bulk(asked, response, lines.get(request.getHttpChannel().getEndPoint()));
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
    }

    long connections() {
        return connections.getConnectionsTotal();
    }

    long requests() {
        return requests.sum();
    }

    long documents() {
        return documents.sum();
    }

    private void bulk(HttpServletRequest request, HttpServletResponse response, Line line) throws IOException {
        requests.increment();
        if (!request.getMethod().equals("POST") || !request.getRequestURI().equals("/_bulk")) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        line.bring();
        byte[] answer = index(request.getReader()).getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        line.send(answer, response.getOutputStream());
    }

    private String index(BufferedReader lines) throws IOException {
        StringBuilder answer = new StringBuilder(40_000).append("{\"errors\":false,\"took\":7,\"items\":[");
        String separator = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher action = ACTION.matcher(line);
            if (!action.matches() || lines.readLine() == null) {
                throw new IOException("not an action and its document: " + line);
            }
            answer.append(separator).append("{\"index\":{\"_index\":\"").append(action.group(1));
            answer.append("\",\"_id\":\"").append(action.group(2));
            answer.append("\",\"_version\":1,\"result\":\"created\",\"_shards\":");
            answer.append("{\"total\":2,\"successful\":1,\"failed\":0},\"_seq_no\":")
                    .append(documents.sum());
            answer.append(",\"_primary_term\":1,\"status\":201}}");
            documents.increment();
            separator = ",";
        }
        return answer.append("]}").toString();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}

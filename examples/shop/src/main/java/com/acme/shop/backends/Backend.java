package com.acme.shop.backends;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** One service: a port of its own, an idle time-out, and a count of what came in. */
public final class Backend {
    /** How a service answers. */
    interface Answer {
        void give(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    /** What a well-behaved server says less than it means, for answers that are on their way. */
    private static final long MARGIN_SECONDS = 5;

    private final String name;
    private final boolean saysIdleTimeout;
    private final Answer answer;
    private final ServerConnector connector;
    private final ConnectionStatistics connections = new ConnectionStatistics();
    private final LongAdder requests = new LongAdder();

    Backend(String name, Duration idleTimeout, boolean saysIdleTimeout, Answer answer, Server server) {
        this.name = name;
        this.saysIdleTimeout = saysIdleTimeout;
        this.answer = answer;
        this.connector = new ServerConnector(server, 0, 1);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setIdleTimeout(idleTimeout.toMillis());
        connector.addBean(connections);
        server.addConnector(connector);
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        requests.increment();
        if (saysIdleTimeout) {
            response.setHeader("Keep-Alive", "timeout=" + (connector.getIdleTimeout() / 1000 - MARGIN_SECONDS));
        }
        answer.give(request, response);
    }

    ServerConnector connector() {
        return connector;
    }

    public String name() {
        return name;
    }

    public URI uri() {
        return URI.create("http://" + name + ":" + connector.getLocalPort());
    }

    /** Requests that came in so far. */
    public long requests() {
        return requests.sum();
    }

    /** Connections that were accepted so far. */
    public long connections() {
        return connections.getConnectionsTotal();
    }
}

package io.poolscope.containers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** Receives OTLP over HTTP, as protobuf, and keeps all of it in the order in which it came. Thread-safe. */
final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Instant started = Instant.now();
    private final List<ResourceMetrics> metrics = new CopyOnWriteArrayList<>();
    private final List<ResourceLogs> logs = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> spans = new CopyOnWriteArrayList<>();

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext(
                "/v1/metrics",
                exchange -> take(
                        exchange,
                        body -> metrics.addAll(
                                ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList())));
        server.createContext(
                "/v1/logs",
                exchange -> take(
                        exchange,
                        body -> logs.addAll(
                                ExportLogsServiceRequest.parseFrom(body).getResourceLogsList())));
        server.createContext(
                "/v1/traces",
                exchange -> take(
                        exchange,
                        body -> spans.addAll(
                                ExportTraceServiceRequest.parseFrom(body).getResourceSpansList())));
        server.start();
    }

    /** What is done with a request's body. */
    private interface Taker {
        void take(InputStream body) throws IOException;
    }

    private static void take(HttpExchange exchange, Taker taker) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody()) {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            taker.take(zipped ? new GZIPInputStream(body) : body);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** What makes an agent send everything here, this often; its service has this name. */
    String[] options(String service, int intervalMillis) {
        return new String[] {
            "-Dotel.service.name=" + service,
            "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:"
                    + server.getAddress().getPort(),
            "-Dotel.metric.export.interval=" + intervalMillis,
            "-Dotel.blrp.schedule.delay=200",
            "-Dotel.bsp.schedule.delay=200"
        };
    }

    Instant started() {
        return started;
    }

    /** All that came until now; more may come. */
    Sent soFar() {
        return new Sent(List.copyOf(metrics), List.copyOf(logs), List.copyOf(spans));
    }

    /** What agents sent, in its order. */
    record Sent(List<ResourceMetrics> metrics, List<ResourceLogs> logs, List<ResourceSpans> spans) {}

    @Override
    public void close() {
        server.stop(0);
        workers.shutdown();
    }
}

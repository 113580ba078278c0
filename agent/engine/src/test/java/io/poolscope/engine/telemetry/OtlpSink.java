package io.poolscope.engine.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver of OTLP over HTTP, which keeps the bytes and reads them with the protocol's own classes. */
final class OtlpSink implements AutoCloseable {

    private final HttpServer server;
    private final List<byte[]> metrics = new CopyOnWriteArrayList<>();
    private final List<byte[]> traces = new CopyOnWriteArrayList<>();
    private final List<byte[]> logs = new CopyOnWriteArrayList<>();
    volatile int status = 200;
    volatile int requests;

    OtlpSink() throws IOException {
        this(0);
    }

    OtlpSink(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/metrics", exchange -> take(exchange, metrics));
        server.createContext("/v1/traces", exchange -> take(exchange, traces));
        server.createContext("/v1/logs", exchange -> take(exchange, logs));
        server.start();
    }

    private void take(HttpExchange exchange, List<byte[]> to) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests++;
        if (status == 200) {
            to.add(body);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The metrics of each export, by name. */
    List<Map<String, Metric>> exports() {
        List<Map<String, Metric>> exports = new ArrayList<>();
        for (byte[] body : metrics) {
            Map<String, Metric> byName = new TreeMap<>();
            parse(body)
                    .getResourceMetricsList()
                    .forEach(resource -> resource.getScopeMetricsList()
                            .forEach(scope -> scope.getMetricsList().forEach(metric -> {
                                if (byName.put(metric.getName(), metric) != null) {
                                    throw new AssertionError(metric.getName() + " came twice");
                                }
                            })));
            exports.add(byName);
        }
        return exports;
    }

    Resource resource() {
        return parse(metrics.get(0)).getResourceMetrics(0).getResource();
    }

    private static ExportMetricsServiceRequest parse(byte[] body) {
        try {
            return ExportMetricsServiceRequest.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        for (byte[] body : traces) {
            try {
                ExportTraceServiceRequest.parseFrom(body)
                        .getResourceSpansList()
                        .forEach(resource ->
                                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }
        return spans;
    }

    List<LogRecord> records() {
        List<LogRecord> records = new ArrayList<>();
        for (byte[] body : logs) {
            try {
                ExportLogsServiceRequest.parseFrom(body)
                        .getResourceLogsList()
                        .forEach(resource -> resource.getScopeLogsList()
                                .forEach(scope -> records.addAll(scope.getLogRecordsList())));
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }
        return records;
    }

    static Map<String, Object> attributes(List<KeyValue> attributes) {
        Map<String, Object> map = new TreeMap<>();
        attributes.forEach(attribute -> map.put(attribute.getKey(), value(attribute.getValue())));
        return map;
    }

    private static Object value(AnyValue value) {
        switch (value.getValueCase()) {
            case STRING_VALUE:
                return value.getStringValue();
            case INT_VALUE:
                return value.getIntValue();
            case BOOL_VALUE:
                return value.getBoolValue();
            case DOUBLE_VALUE:
                return value.getDoubleValue();
            default:
                throw new AssertionError(value);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

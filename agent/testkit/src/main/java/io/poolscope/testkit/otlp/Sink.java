package io.poolscope.testkit.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** An OTLP receiver (HTTP, protobuf) that keeps what arrives. Thread-safe; what it hands out does not change any more. */
public final class Sink implements AutoCloseable {

    /** One series' value at one collection. A histogram has a count and a sum, anything else has a value. */
    public static final class Point {
        private final String metric;
        private final Map<String, String> attributes;
        private final boolean histogram;
        private final double value;
        private final double sum;

        Point(String metric, Map<String, String> attributes, boolean histogram, double value, double sum) {
            this.metric = metric;
            this.attributes = attributes;
            this.histogram = histogram;
            this.value = value;
            this.sum = sum;
        }

        public String metric() {
            return metric;
        }

        public Map<String, String> attributes() {
            return attributes;
        }

        public boolean isHistogram() {
            return histogram;
        }

        /** The value, or the count of a histogram. */
        public double value() {
            return value;
        }

        /** The sum of a histogram. */
        public double sum() {
            return sum;
        }

        @Override
        public String toString() {
            return metric + attributes + " = " + value + (histogram ? " (sum " + sum + ")" : "");
        }
    }

    /** A log record or a span: a name with attributes. */
    public static final class Event {
        private final String name;
        private final Map<String, String> attributes;
        private final String body;

        Event(String name, Map<String, String> attributes, String body) {
            this.name = name;
            this.attributes = attributes;
            this.body = body;
        }

        public String name() {
            return name;
        }

        public Map<String, String> attributes() {
            return attributes;
        }

        public String body() {
            return body;
        }

        @Override
        public String toString() {
            return name + attributes + (body.isEmpty() ? "" : " " + body);
        }
    }

    /** All that had arrived at one moment. */
    public static final class Snapshot {
        private final int exports;
        private final List<Point> newest;
        private final List<Point> last;
        private final List<Event> logs;
        private final List<Event> spans;

        Snapshot(int exports, List<Point> newest, List<Point> last, List<Event> logs, List<Event> spans) {
            this.exports = exports;
            this.newest = newest;
            this.last = last;
            this.logs = logs;
            this.spans = spans;
        }

        /** How many exports of metrics had arrived. */
        public int exports() {
            return exports;
        }

        /** The points of the newest export. */
        public List<Point> newest() {
            return newest;
        }

        /** The last point of every series that was ever seen, also of those that are not exported any more. */
        public List<Point> last() {
            return last;
        }

        public List<Event> logs() {
            return logs;
        }

        public List<Event> spans() {
            return spans;
        }
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "otlp-sink");
        thread.setDaemon(true);
        return thread;
    });
    private int exports;
    private byte[] bytes = {};
    private List<Point> newest = Collections.emptyList();
    private final Map<String, Point> last = new LinkedHashMap<>();
    private final List<Event> logs = new ArrayList<>();
    private final List<Event> spans = new ArrayList<>();
    private Map<String, String> resource = Collections.emptyMap();
    private final List<String> complaints = new ArrayList<>();

    private Sink(HttpServer server) {
        this.server = server;
        server.setExecutor(workers);
        server.createContext("/", this::receive);
        server.start();
    }

    /** Listens on a free port of this machine. */
    public static Sink open() throws IOException {
        return new Sink(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** For {@code otel.exporter.otlp.endpoint}. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public synchronized Snapshot snapshot() {
        return new Snapshot(exports, newest, List.copyOf(last.values()), List.copyOf(logs), List.copyOf(spans));
    }

    /** The bytes of the newest export of metrics. */
    public synchronized byte[] bytes() {
        return bytes.clone();
    }

    /** The resource of the newest export. */
    public synchronized Map<String, String> resource() {
        return resource;
    }

    /** What arrived and could not be understood. */
    public synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdown();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            body = (zipped ? new GZIPInputStream(in) : in).readAllBytes();
        }
        String path = exchange.getRequestURI().getPath();
        try {
            accept(path, body);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            synchronized (this) {
                complaints.add(path + ": " + e);
            }
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    /** Takes one request's body in, as if it had come over the network. */
    void accept(String path, byte[] body) throws InvalidProtocolBufferException {
        switch (path) {
            case "/v1/metrics":
                metrics(body, ExportMetricsServiceRequest.parseFrom(body));
                break;
            case "/v1/logs":
                logs(ExportLogsServiceRequest.parseFrom(body));
                break;
            case "/v1/traces":
                spans(ExportTraceServiceRequest.parseFrom(body));
                break;
            default:
                throw new IllegalArgumentException("not an OTLP path");
        }
    }

    private void metrics(byte[] body, ExportMetricsServiceRequest request) {
        List<Point> points = new ArrayList<>();
        request.getResourceMetricsList()
                .forEach(of -> of.getScopeMetricsList()
                        .forEach(scope -> scope.getMetricsList().forEach(metric -> points(metric, points))));
        synchronized (this) {
            exports++;
            bytes = body;
            newest = List.copyOf(points);
            for (Point point : points) {
                last.put(point.metric + new TreeMap<>(point.attributes), point);
            }
            request.getResourceMetricsList()
                    .forEach(of -> resource = attributes(of.getResource().getAttributesList()));
        }
    }

    private static void points(Metric metric, List<Point> points) {
        for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
            points.add(number(metric, point));
        }
        for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
            points.add(number(metric, point));
        }
        for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
            points.add(new Point(
                    metric.getName(), attributes(point.getAttributesList()), true, point.getCount(), point.getSum()));
        }
    }

    private static Point number(Metric metric, NumberDataPoint point) {
        double value = point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
        return new Point(metric.getName(), attributes(point.getAttributesList()), false, value, 0);
    }

    private synchronized void logs(ExportLogsServiceRequest request) {
        request.getResourceLogsList()
                .forEach(of -> of.getScopeLogsList().forEach(scope -> {
                    for (LogRecord log : scope.getLogRecordsList()) {
                        logs.add(new Event(
                                log.getEventName(), attributes(log.getAttributesList()), text(log.getBody())));
                    }
                }));
    }

    private synchronized void spans(ExportTraceServiceRequest request) {
        request.getResourceSpansList()
                .forEach(of -> of.getScopeSpansList().forEach(scope -> {
                    for (Span span : scope.getSpansList()) {
                        spans.add(new Event(span.getName(), attributes(span.getAttributesList()), ""));
                    }
                }));
    }

    private static Map<String, String> attributes(List<KeyValue> list) {
        Map<String, String> attributes = new TreeMap<>();
        for (KeyValue attribute : list) {
            attributes.put(attribute.getKey(), text(attribute.getValue()));
        }
        return Collections.unmodifiableMap(attributes);
    }

    private static String text(AnyValue value) {
        switch (value.getValueCase()) {
            case STRING_VALUE:
                return value.getStringValue();
            case INT_VALUE:
                return Long.toString(value.getIntValue());
            case BOOL_VALUE:
                return Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE:
                return Double.toString(value.getDoubleValue());
            case VALUE_NOT_SET:
                return "";
            default:
                return value.toString();
        }
    }
}

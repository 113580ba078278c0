package io.poolscope.containers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The documents that the Collector's Elasticsearch exporter makes of OTLP in its mode {@code otel}, as lines for {@code _bulk}.
 * The exporter itself cannot be had where these tests were written, so they write what its sources and golden files say: one
 * document of metrics for each resource, scope, time, start, unit and set of attributes, and one for each log record and span.
 *
 * <p>Histograms are left out: the Elasticsearch of these tests refuses a mapping with such a field. Not thread-safe.
 */
final class Documents {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long MILLI = 1_000_000;

    private final List<String> lines = new ArrayList<>();
    private final Deltas deltas;

    /** Of a Collector that was started at this time, in nanoseconds since 1970. */
    Documents(long began) {
        deltas = new Deltas(began);
    }

    /** For {@code _bulk}. */
    String bulk() {
        return String.join("\n", lines) + "\n";
    }

    /** What is the same in all points of a document. */
    private record Group(
            Resource resource, String scope, long time, long start, String unit, List<KeyValue> attributes) {}

    /** A metric's value, and the name of the mapping that it asks for. */
    private record Value(String metric, NumberDataPoint point, boolean isCounter) {
        String mapping() {
            return (isCounter ? "counter" : "gauge") + (point.hasAsInt() ? "_long" : "_double");
        }
    }

    void metrics(ResourceMetrics received) {
        Map<Group, List<Value>> groups = new LinkedHashMap<>();
        received.getScopeMetricsList()
                .forEach(scope -> scope.getMetricsList()
                        .forEach(metric -> values(received.getResource(), scope.getScope(), metric, groups)));
        groups.forEach(this::metrics);
    }

    private void values(Resource resource, InstrumentationScope scope, Metric metric, Map<Group, List<Value>> groups) {
        boolean isCumulative = metric.getSum().getAggregationTemporality()
                == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
        boolean converts = metric.getSum().getIsMonotonic() && isCumulative;
        List<NumberDataPoint> points = new ArrayList<>(metric.getSum().getDataPointsList());
        points.addAll(metric.getGauge().getDataPointsList());
        for (NumberDataPoint point : points) {
            List<KeyValue> attributes = new ArrayList<>(point.getAttributesList());
            attributes.sort(Comparator.comparing(KeyValue::getKey));
            Optional<NumberDataPoint> converted = converts
                    ? deltas.since(List.of(resource, scope, metric.getName(), attributes), point)
                    : Optional.of(point);
            converted.ifPresent(value -> groups.computeIfAbsent(
                            new Group(
                                    resource,
                                    scope.getName(),
                                    value.getTimeUnixNano(),
                                    value.getStartTimeUnixNano(),
                                    metric.getUnit(),
                                    attributes),
                            unused -> new ArrayList<>())
                    .add(new Value(
                            metric.getName(), value, metric.getSum().getIsMonotonic() && !converts && isCumulative)));
        }
    }

    private void metrics(Group group, List<Value> values) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("@timestamp", group.time / MILLI);
        if (group.start != 0) {
            document.put("start_timestamp", group.start / MILLI);
        }
        document.put("unit", group.unit);
        String stream = stream(document, "metrics");
        attributes(document, group.attributes);
        origin(document, group.resource, group.scope);
        ObjectNode metrics = document.putObject("metrics");
        ObjectNode mappings = MAPPER.createObjectNode();
        TreeSet<String> names = new TreeSet<>();
        for (Value value : values) {
            names.add(value.metric);
            mappings.put("metrics." + value.metric, value.mapping());
            if (value.point.hasAsInt()) {
                metrics.put(value.metric, value.point.getAsInt());
            } else {
                metrics.put(value.metric, value.point.getAsDouble());
            }
        }
        // The exporter's is an xxHash; nobody reads it, it only keeps apart documents that differ in nothing else.
        document.put("_metric_names_hash", Integer.toHexString(names.hashCode()));
        add(stream, mappings, document);
    }

    void logs(ResourceLogs received) {
        received.getScopeLogsList()
                .forEach(scope ->
                        scope.getLogRecordsList().forEach(log -> log(received.getResource(), scope.getScope(), log)));
    }

    private void log(Resource resource, InstrumentationScope scope, LogRecord log) {
        ObjectNode document = MAPPER.createObjectNode();
        long time = log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
        document.put("@timestamp", fractional(time));
        document.put("observed_timestamp", fractional(log.getObservedTimeUnixNano()));
        String stream = stream(document, "logs");
        document.put("severity_text", log.getSeverityText());
        document.put("severity_number", log.getSeverityNumberValue());
        id(document, "trace_id", log.getTraceId());
        id(document, "span_id", log.getSpanId());
        attributes(document, log.getAttributesList());
        if (!log.getEventName().isEmpty()) {
            document.put("event_name", log.getEventName());
        }
        origin(document, resource, scope.getName());
        document.putObject("body").put("text", log.getBody().getStringValue());
        add(stream, null, document);
    }

    void spans(ResourceSpans received) {
        received.getScopeSpansList()
                .forEach(scope ->
                        scope.getSpansList().forEach(span -> span(received.getResource(), scope.getScope(), span)));
    }

    private void span(Resource resource, InstrumentationScope scope, Span span) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("@timestamp", fractional(span.getStartTimeUnixNano()));
        String stream = stream(document, "traces");
        id(document, "trace_id", span.getTraceId());
        id(document, "span_id", span.getSpanId());
        id(document, "parent_span_id", span.getParentSpanId());
        document.put("name", span.getName());
        document.put("kind", kind(span.getKind()));
        document.put("duration", span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
        attributes(document, span.getAttributesList());
        ArrayNode links = document.putArray("links");
        span.getLinksList().forEach(link -> {
            ObjectNode to = links.addObject();
            id(to, "trace_id", link.getTraceId());
            id(to, "span_id", link.getSpanId());
        });
        document.putObject("status").put("code", status(span));
        origin(document, resource, scope.getName());
        add(stream, null, document);
    }

    private static String kind(Span.SpanKind kind) {
        String name = kind.name().replace("SPAN_KIND_", "").toLowerCase(Locale.ROOT);
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static String status(Span span) {
        return switch (span.getStatus().getCode()) {
            case STATUS_CODE_OK -> "Ok";
            case STATUS_CODE_ERROR -> "Error";
            default -> "Unset";
        };
    }

    /** Milliseconds, a point, and the nanoseconds that are left. */
    private static String fractional(long nanos) {
        return nanos / MILLI + "." + nanos % MILLI;
    }

    private static String stream(ObjectNode document, String type) {
        document.putObject("data_stream")
                .put("type", type)
                .put("dataset", "generic.otel")
                .put("namespace", "default");
        return type + "-generic.otel-default";
    }

    private static void origin(ObjectNode document, Resource resource, String scope) {
        attributes(document.putObject("resource"), resource.getAttributesList());
        document.putObject("scope").put("name", scope);
    }

    private static void attributes(ObjectNode of, List<KeyValue> attributes) {
        if (attributes.isEmpty()) {
            return;
        }
        ObjectNode json = of.putObject("attributes");
        for (KeyValue attribute : attributes) {
            AnyValue value = attribute.getValue();
            switch (value.getValueCase()) {
                case STRING_VALUE -> json.put(attribute.getKey(), value.getStringValue());
                case BOOL_VALUE -> json.put(attribute.getKey(), value.getBoolValue());
                case INT_VALUE -> json.put(attribute.getKey(), value.getIntValue());
                case DOUBLE_VALUE -> json.put(attribute.getKey(), value.getDoubleValue());
                default -> throw new AssertionError("the agent sends no " + attribute);
            }
        }
    }

    private static void id(ObjectNode document, String name, ByteString id) {
        if (!id.isEmpty()) {
            document.put(name, HexFormat.of().formatHex(id.toByteArray()));
        }
    }

    private void add(String stream, ObjectNode mappings, ObjectNode document) {
        ObjectNode action = MAPPER.createObjectNode();
        ObjectNode create = action.putObject("create").put("_index", stream);
        if (mappings != null) {
            create.set("dynamic_templates", mappings);
        }
        lines.add(action.toString());
        lines.add(document.toString());
    }
}

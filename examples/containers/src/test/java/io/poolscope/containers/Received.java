package io.poolscope.containers;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one service sent, in words to compare with. Does not change. */
final class Received {
    /** The last that was said of every series. */
    private final Map<List<Object>, NumberDataPoint> last = new HashMap<>();

    /** The most that was ever said of it. */
    private final Map<List<Object>, NumberDataPoint> most = new HashMap<>();

    private final List<LogRecord> logs;
    private final Map<String, Long> spans;

    Received(OtlpReceiver.Sent sent, String service) {
        sent.metrics().stream()
                .filter(of -> isOf(of.getResource(), service))
                .flatMap(of -> of.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .forEach(this::keep);
        logs = sent.logs().stream()
                .filter(of -> isOf(of.getResource(), service))
                .flatMap(of -> of.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream())
                .toList();
        spans = sent.spans().stream()
                .filter(of -> isOf(of.getResource(), service))
                .flatMap(of -> of.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .collect(Collectors.groupingBy(span -> span.getName(), TreeMap::new, Collectors.counting()));
    }

    private static boolean isOf(Resource resource, String service) {
        return value(resource.getAttributesList(), "service.name").equals(service);
    }

    private void keep(Metric metric) {
        List<NumberDataPoint> points = new ArrayList<>(metric.getSum().getDataPointsList());
        points.addAll(metric.getGauge().getDataPointsList());
        for (NumberDataPoint point : points) {
            List<Object> series = List.of(metric.getName(), Map.copyOf(attributes(point)));
            last.put(series, point);
            most.merge(series, point, (before, now) -> number(now) > number(before) ? now : before);
        }
    }

    private static Map<String, String> attributes(NumberDataPoint point) {
        return point.getAttributesList().stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey, attribute -> attribute.getValue().toString()));
    }

    private static String value(List<KeyValue> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .map(attribute -> attribute.getValue().hasBoolValue()
                        ? Boolean.toString(attribute.getValue().getBoolValue())
                        : attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    /** What a counter had come to, by the values of these attributes; without those that came to nothing. */
    Map<String, Double> counted(String metric, String... attributes) {
        Map<String, Double> counted = new TreeMap<>();
        last.forEach((series, point) -> {
            if (series.get(0).equals(metric) && point.getAsInt() != 0) {
                String values = List.of(attributes).stream()
                        .map(name -> value(point.getAttributesList(), name))
                        .collect(Collectors.joining(" "));
                counted.merge(values, (double) point.getAsInt(), Double::sum);
            }
        });
        return counted;
    }

    /** The most that a series ever said, of all those that have the same value of this attribute; without noughts. */
    Map<String, Double> most(String metric, String attribute) {
        return most(metric, attribute, "", ""); // what has no name has no value in any series
    }

    /** The same of those series only that have this value of another attribute. */
    Map<String, Double> most(String metric, String attribute, String other, String wanted) {
        Map<String, Double> of = new TreeMap<>();
        most.forEach((series, point) -> {
            if (series.get(0).equals(metric)
                    && number(point) != 0
                    && value(point.getAttributesList(), other).equals(wanted)) {
                of.merge(value(point.getAttributesList(), attribute), number(point), Math::max);
            }
        });
        return of;
    }

    private static double number(NumberDataPoint point) {
        return point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
    }

    /** How many log records there were of each event. */
    Map<String, Long> events() {
        return logs.stream()
                .map(LogRecord::getEventName)
                .filter(event -> !event.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** The pools of which this was reported. */
    Set<String> pools(String event) {
        return logs.stream()
                .filter(log -> log.getEventName().equals(event))
                .map(log -> value(log.getAttributesList(), "poolscope.pool.name"))
                .collect(Collectors.toSet());
    }

    /** How many spans there were of each name. */
    Map<String, Long> spans() {
        return spans;
    }
}

package io.poolscope.containers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with labels, be they from an agent's own {@code /metrics} or from Prometheus. Does not change. */
final class Samples {
    private static final Pattern LINE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? ([-+.\\w]+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String NAME = "__name__";

    /** One of them. */
    record Sample(Map<String, String> labels, double value) {
        String label(String name) {
            return labels.getOrDefault(name, "");
        }
    }

    private final List<Sample> all;

    private Samples(List<Sample> all) {
        this.all = all;
    }

    /** What an agent answers. */
    static Samples ofText(String text) {
        List<Sample> samples = new ArrayList<>();
        for (Matcher line = LINE.matcher(text); line.find(); ) {
            Map<String, String> labels = new HashMap<>();
            labels.put(NAME, line.group(1));
            if (line.group(2) != null) {
                for (Matcher label = LABEL.matcher(line.group(2)); label.find(); ) {
                    labels.put(label.group(1), label.group(2));
                }
            }
            samples.add(new Sample(labels, number(line.group(3))));
        }
        return new Samples(samples);
    }

    /** The result of a query, or of a query over time: then every point of it. What is not a number is left out. */
    static Samples ofResult(JsonNode result) {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode series : result) {
            Map<String, String> labels = new HashMap<>();
            series.get("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            if (series.has("value")) {
                add(samples, labels, series.get("value"));
            }
            series.path("values").forEach(point -> add(samples, labels, point));
        }
        return new Samples(samples);
    }

    private static void add(List<Sample> samples, Map<String, String> labels, JsonNode point) {
        double value = number(point.get(1).asText());
        if (!Double.isNaN(value)) {
            samples.add(new Sample(labels, value));
        }
    }

    /** As Prometheus writes it. */
    static double number(String text) {
        return Double.parseDouble(text.replace("Inf", "Infinity"));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<Sample> all() {
        return all;
    }

    /** Those of a metric. */
    Samples of(String name) {
        return where(sample -> sample.label(NAME).equals(name));
    }

    /** Those whose labels have these values. */
    Samples with(String... labelsAndValues) {
        Samples found = this;
        for (int i = 0; i < labelsAndValues.length; i += 2) {
            String label = labelsAndValues[i];
            String value = labelsAndValues[i + 1];
            found = found.where(sample -> sample.label(label).equals(value));
        }
        return found;
    }

    private Samples where(Predicate<Sample> wanted) {
        return new Samples(all.stream().filter(wanted).toList());
    }

    double sum() {
        return all.stream().mapToDouble(Sample::value).sum();
    }

    /** Sums by the values of a label, without those that are nothing. */
    Map<String, Double> by(String label) {
        Map<String, Double> sums = new TreeMap<>();
        for (Sample sample : all) {
            if (sample.value() != 0) {
                sums.merge(sample.label(label), sample.value(), Double::sum);
            }
        }
        return sums;
    }

    @Override
    public String toString() {
        return all.toString();
    }
}

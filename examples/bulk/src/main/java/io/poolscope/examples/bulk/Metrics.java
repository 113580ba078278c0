package io.poolscope.examples.bulk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process under the agent answers to {@code GET /metrics}, in the text format of Prometheus. Does not change. */
final class Metrics {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? ([-+.\\w]+)$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final class Sample {
        private final String name;
        private final String labels;
        private final double value;

        Sample(MatchResult found) {
            name = found.group(1);
            labels = found.group(2) == null ? "" : found.group(2);
            value = Double.parseDouble(found.group(3).replace("Inf", "Infinity"));
        }

        String label(String wanted) {
            for (Matcher label = LABEL.matcher(labels); label.find(); ) {
                if (label.group(1).equals(wanted)) {
                    return label.group(2);
                }
            }
            return "";
        }
    }

    private final List<Sample> samples = new ArrayList<>();

    private Metrics() {}

    static Metrics parse(String text) {
        Metrics metrics = new Metrics();
        SAMPLE.matcher(text).results().map(Sample::new).forEach(metrics.samples::add);
        return metrics;
    }

    /** The sum of a metric over all its series; 0 if there is none. */
    double sum(String name) {
        return samples.stream()
                .filter(sample -> sample.name.equals(name))
                .mapToDouble(sample -> sample.value)
                .sum();
    }

    /** The sums of a metric by the values of a label, without those that are nothing; empty is who does not have it. */
    Map<String, Long> by(String name, String label) {
        Map<String, Long> sums = new TreeMap<>();
        for (Sample sample : samples) {
            if (sample.name.equals(name) && sample.value != 0) {
                sums.merge(sample.label(label), Math.round(sample.value), Long::sum);
            }
        }
        return sums;
    }
}

package io.poolscope.dashboards;

import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Names.Kind;
import io.poolscope.engine.telemetry.Names.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the agent's metrics are called in Prometheus. */
final class Vocabulary {
    private static final Pattern METRIC = Pattern.compile("\\b(?:poolscope|http_client)_\\w+(?=[\\[{)\\s]|$)");
    private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)\\}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");

    private Vocabulary() {}

    /** Every name of a series. */
    static Set<String> series() {
        Set<String> names = new TreeSet<>();
        for (Metric metric : Metric.values()) {
            String name = metric.key().replace('.', '_') + (metric.unit().equals("s") ? "_seconds" : "");
            if (metric.kind() == Kind.HISTOGRAM) {
                names.addAll(List.of(name + "_bucket", name + "_sum", name + "_count"));
            } else {
                names.add(name + (metric.kind() == Kind.COUNTER ? "_total" : ""));
            }
        }
        return names;
    }

    /** Every label: the attributes of metrics and of the resource, and what Prometheus adds. */
    static Set<String> labels() {
        Set<String> labels = new TreeSet<>(List.of("job", "instance", "le", "alertname", "alertstate"));
        for (Metric metric : Metric.values()) {
            metric.own().forEach(name -> labels.add(label(name)));
            metric.level().attributes().forEach(name -> labels.add(label(name)));
        }
        for (String name : List.of(
                Names.SERVICE_NAME,
                Names.SERVICE_INSTANCE_ID,
                Names.HOST_NAME,
                Names.PROCESS_PID,
                Names.DISTRO_NAME,
                Names.DISTRO_VERSION)) {
            labels.add(label(name));
        }
        return labels;
    }

    private static String label(String attribute) {
        return attribute.toLowerCase(Locale.ROOT).replace('.', '_');
    }

    /** The series that an expression asks for; what the rules record has a colon in its name. */
    static Set<String> seriesIn(String expression) {
        Set<String> labels = labels();
        return METRIC.matcher(expression.replaceAll("\"[^\"]*\"", "\"\""))
                .results()
                .map(MatchResult::group)
                .filter(name -> !labels.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The labels by which an expression chooses series. */
    static List<String> labelsIn(String expression) {
        List<String> labels = new ArrayList<>();
        MATCHERS.matcher(expression)
                .results()
                .forEach(matchers -> LABEL.matcher(matchers.group(1).replaceAll("\"[^\"]*\"", "\"\""))
                        .results()
                        .forEach(label -> labels.add(label.group(1))));
        return labels;
    }
}

package io.poolscope.testkit;

import io.poolscope.testkit.otlp.Sink;
import io.poolscope.testkit.otlp.Sink.Event;
import io.poolscope.testkit.otlp.Sink.Point;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is seen of one scenario at one moment. Does not change. */
final class Seen implements View {

    private final Sink.Snapshot sink;
    private final Map<String, Point> before;
    private final Set<String> ports;
    private final Set<String> pools;
    private final Map<String, Double> facts;
    private final Map<String, Double> stats;
    private final List<Servers.Handle> servers;
    private final List<String> stderr;

    Seen(
            Sink.Snapshot sink,
            Sink.Snapshot before,
            List<Servers.Handle> servers,
            Map<String, Double> facts,
            Map<String, Double> stats,
            List<String> stderr) {
        this.sink = sink;
        this.before = before.last().stream().collect(Collectors.toMap(Seen::key, point -> point));
        this.servers = servers;
        this.ports = servers.stream()
                .filter(server -> !server.isProxy())
                .map(server -> Integer.toString(server.port()))
                .collect(Collectors.toSet());
        this.facts = facts;
        this.stats = stats;
        this.stderr = stderr;
        this.pools = sink.last().stream()
                .filter(this::isOurs)
                .map(point -> point.attributes().getOrDefault(Contract.POOL, ""))
                .filter(name -> !name.equals(Contract.OTHER))
                .collect(Collectors.toSet());
    }

    private static String key(Point point) {
        return point.metric() + point.attributes();
    }

    private boolean isOurs(Point point) {
        return ports.contains(point.attributes().get(Contract.PORT));
    }

    private boolean isOfOurPools(Point point) {
        return pools.contains(point.attributes().get(Contract.POOL));
    }

    private static Predicate<Point> of(String metric, String... wanted) {
        return point -> point.metric().equals(metric) && match(point.attributes(), wanted);
    }

    private static boolean match(Map<String, String> attributes, String... wanted) {
        for (int i = 0; i < wanted.length; i += 2) {
            String value = attributes.get(wanted[i]);
            if (value == null || Stream.of(wanted[i + 1].split("\\|", -1)).noneMatch(one -> matches(value, one))) {
                return false;
            }
        }
        return true;
    }

    /** A wanted value may end in a star, as call sites do: the class is the kit's, the method is the client's business. */
    private static boolean matches(String value, String wanted) {
        return wanted.endsWith("*") ? value.startsWith(wanted.substring(0, wanted.length() - 1)) : value.equals(wanted);
    }

    @Override
    public double counted(String metric, String... attributes) {
        return sum(sink.last(), of(metric, attributes).and(this::isOurs));
    }

    @Override
    public double recorded(String metric, String... attributes) {
        return sum(sink.last(), of(metric, attributes).and(this::isOurs));
    }

    @Override
    public double total(String metric, String... attributes) {
        return sink.last().stream()
                .filter(of(metric, attributes).and(this::isOurs))
                .mapToDouble(Point::sum)
                .sum();
    }

    @Override
    public double standing(String metric, String... attributes) {
        return sum(sink.newest(), of(metric, attributes).and(this::isOurs));
    }

    @Override
    public double ofPool(String metric, String... attributes) {
        return sum(sink.newest(), of(metric, attributes).and(this::isOfOurPools));
    }

    @Override
    public double having(String metric, String attribute) {
        return sink.last().stream()
                .filter(of(metric, attribute, "*").and(this::isOurs))
                .count();
    }

    @Override
    public double different(String metric, String attribute) {
        return sink.last().stream()
                .filter(of(metric).and(point -> isOurs(point) || isOfOurPools(point)))
                .map(point -> point.attributes().get(attribute))
                .distinct()
                .count();
    }

    @Override
    public double countedInPool(String metric, String... attributes) {
        return sum(sink.last(), of(metric, attributes).and(this::isOfOurPools));
    }

    @Override
    public double countedInProcess(String metric, String... attributes) {
        return sum(sink.last(), of(metric, attributes)) - sum(before.values(), of(metric, attributes));
    }

    private static double sum(Iterable<Point> points, Predicate<Point> which) {
        double sum = 0;
        for (Point point : points) {
            sum += which.test(point) ? point.value() : 0;
        }
        return sum;
    }

    @Override
    public double events(String name, String... attributes) {
        return sink.logs().stream()
                .filter(event -> event.name().equals(name) && isOurs(event) && match(event.attributes(), attributes))
                .count();
    }

    private boolean isOurs(Event event) {
        return ports.contains(event.attributes().get(Contract.PORT));
    }

    @Override
    public double spans(String name) {
        return sink.spans().stream()
                .filter(span -> ports.stream().anyMatch(port -> span.name().equals(name + " 127.0.0.1:" + port)))
                .count();
    }

    /** A report is a line and the indented ones below it; the port may stand in any of them. */
    @Override
    public double lines(String regex) {
        Pattern pattern = Pattern.compile("\\[poolscope\\].*(" + regex + ")");
        int count = 0;
        for (int i = 0; i < stderr.size(); i++) {
            if (pattern.matcher(stderr.get(i)).find()) {
                StringBuilder report = new StringBuilder(stderr.get(i));
                for (int j = i + 1; j < stderr.size() && stderr.get(j).startsWith("  "); j++) {
                    report.append(stderr.get(j));
                }
                count += ports.stream().anyMatch(port -> report.indexOf(":" + port) >= 0) ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    public double fact(String name) {
        return facts.getOrDefault(name, 0.0);
    }

    @Override
    public double pool(String which) {
        return stats.getOrDefault(which, Double.NaN);
    }

    @Override
    public double server(String which) {
        return servers.stream().mapToInt(server -> server.observed(which)).sum();
    }

    @Override
    public double server(int server, String which) {
        return servers.get(server).observed(which);
    }

    @Override
    public String address(int server) {
        return "127.0.0.1:" + port(server);
    }

    @Override
    public String port(int server) {
        return Integer.toString(servers.get(server).port());
    }

    /** All that was exported of the scenario, for whoever has to find out why it failed. */
    String everything() {
        Map<String, String> lines = new TreeMap<>();
        for (Point point : sink.last()) {
            if (isOurs(point) || isOfOurPools(point)) {
                lines.put(key(point), point + (sink.newest().contains(point) ? "" : " (not in the newest export)"));
            }
        }
        StringBuilder all = new StringBuilder("pool " + stats + ", noted " + facts + ", servers");
        for (String which : List.of("connections", "requests", "concurrent")) {
            all.append(' ').append(which).append(' ').append((long) server(which));
        }
        lines.values().forEach(line -> all.append("\n  ").append(line));
        sink.logs().stream()
                .filter(this::isOurs)
                .forEach(log -> all.append("\n  log ").append(log));
        sink.spans().stream()
                .filter(span -> ports.stream().anyMatch(port -> span.name().endsWith(":" + port)))
                .forEach(span -> all.append("\n  span ").append(span));
        return all.toString();
    }
}

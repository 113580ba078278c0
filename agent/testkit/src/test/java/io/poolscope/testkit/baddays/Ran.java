package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import io.poolscope.testkit.otlp.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an application did, what the agent said about it, and what it had counted at the end. */
public record Ran(int exit, String out, String err, Sink.Snapshot counted) {

    /** The same, without the lines that appear without the agent too, and without those with these words. */
    Ran said(String errWithoutAgent, List<String> ignored) {
        List<String> lines = new ArrayList<>(lines(err));
        lines(errWithoutAgent).forEach(lines::remove);
        lines.removeIf(line -> ignored.stream().anyMatch(line::contains));
        return new Ran(exit, out, String.join("\n", lines), counted);
    }

    private static List<String> lines(String text) {
        return Stream.of(text.split("\\R")).filter(line -> !line.isEmpty()).toList();
    }

    /** Asserts that exactly these lines were said on standard error, each a regular expression after the time. */
    public Ran says(String... expected) {
        List<String> lines = lines(err);
        assertThat(lines).as(err).hasSameSizeAs(expected);
        for (String pattern : expected) {
            assertThat(lines).anyMatch(line -> line.matches("\\S+Z " + pattern));
        }
        return this;
    }

    /** Asserts that nothing was said but that it watches these libraries: in one line, or in one for each that came late. */
    public Ran saysThatItWatches(String... libraries) {
        List<String> lines = lines(err);
        assertThat(lines)
                .as(err)
                .hasSizeBetween(1, libraries.length)
                .allMatch(line -> line.contains("Z INFO [poolscope] ") && line.contains("watches"));
        assertThat(err).contains(libraries);
        return this;
    }

    /** Asserts that the errands of so many clients were counted, and nothing of ours failed. */
    public Ran countsErrandsOf(int clients) {
        return hasNoFailures()
                .counts(clients * Errands.OPENED, Contract.GRANTED, Contract.REUSED, "false")
                .counts(clients * (Errands.GRANTED - Errands.OPENED), Contract.GRANTED, Contract.REUSED, "true")
                .counts(0, Contract.ACTIVE)
                .counts(0, Contract.PENDING)
                .counts(0, Contract.OPEN_CONNECTIONS, Contract.CONNECTION_STATE, "active")
                .counts(clients * Errands.OPENED, Contract.OPEN_CONNECTIONS, Contract.CONNECTION_STATE, "idle");
    }

    public Ran hasNoFailures() {
        return counts(0, Contract.FAILURES);
    }

    /** Asserts what the newest values of a metric's series with these attributes add up to. */
    public Ran counts(double expected, String metric, String... attributes) {
        assertThat(sum(metric, attributes))
                .as(metric + " of " + String.join(" ", attributes) + " in " + counted.last())
                .isEqualTo(expected);
        return this;
    }

    public double sum(String metric, String... attributes) {
        return points(metric, attributes).mapToDouble(Sink.Point::value).sum();
    }

    private Stream<Sink.Point> points(String metric, String... attributes) {
        return counted.last().stream()
                .filter(point -> point.metric().equals(metric) && has(point.attributes(), attributes));
    }

    private static boolean has(Map<String, String> all, String... wanted) {
        for (int i = 0; i < wanted.length; i += 2) {
            if (!wanted[i + 1].equals(all.get(wanted[i]))) {
                return false;
            }
        }
        return true;
    }

    /** The states of instrumentations, as {@code client version state}, at the end. */
    public Set<String> states() {
        return counted.newest().stream()
                .filter(point -> point.metric().equals(Contract.STATE))
                .map(point -> point.attributes().get(Contract.CLIENT) + " "
                        + point.attributes().get(Contract.LIBRARY_VERSION) + " "
                        + point.attributes().get(Contract.INSTRUMENTATION_STATE))
                .collect(Collectors.toSet());
    }
}

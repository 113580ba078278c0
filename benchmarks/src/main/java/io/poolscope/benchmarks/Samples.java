package io.poolscope.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One figure, by agent and round. */
final class Samples {

    private final Map<Agent, List<Double>> values = new EnumMap<>(Agent.class);

    void add(Agent agent, double value) {
        values.computeIfAbsent(agent, unused -> new ArrayList<>()).add(value);
    }

    /** The median with this agent. */
    double median(Agent agent) {
        return median(values.get(agent));
    }

    /** The median of what one agent costs more than another in the same round, which a machine that slows down shifts least. */
    double more(Agent agent, Agent than) {
        List<Double> differences = new ArrayList<>();
        for (int round = 0;
                round < Math.min(values.get(agent).size(), values.get(than).size());
                round++) {
            differences.add(values.get(agent).get(round) - values.get(than).get(round));
        }
        return median(differences);
    }

    /** How far the rounds with this agent are from each other. */
    double spread(Agent agent) {
        return Collections.max(values.get(agent)) - Collections.min(values.get(agent));
    }

    private static double median(List<Double> unsorted) {
        List<Double> sorted = new ArrayList<>(unsorted);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median, and the least and the most behind it where there is more than one round; empty for none. */
    String cell(Agent agent, String format) {
        List<Double> all = values.get(agent);
        if (all == null) {
            return "";
        }
        String median = String.format(Locale.ROOT, format, median(all));
        return all.size() == 1
                ? median
                : median
                        + String.format(
                                Locale.ROOT,
                                " (" + format + "–" + format + ")",
                                Collections.min(all),
                                Collections.max(all));
    }
}

package io.poolscope.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of all figures, as markdown. */
final class Table {

    private static final String HEAD =
            "| figure | JDK | client | none | empty agent | Poolscope | OpenTelemetry | counted | budget | kept |\n"
                    + "|---|---|---|--:|--:|--:|--:|--:|--:|---|\n";

    private final List<String> rows = new ArrayList<>();
    private int missed;

    /** A row under construction: what does not apply stays empty. */
    final class Row {

        private final String figure;
        private String jdk = "all";
        private String client = "";
        private final String[] cells = {"", "", "", ""};

        private Row(String figure) {
            this.figure = figure;
        }

        Row on(Jdk jdk) {
            this.jdk = String.valueOf(jdk.feature());
            return this;
        }

        Row with(Library library) {
            client = library.label();
            return this;
        }

        /** What was measured, in this format. */
        Row of(Samples samples, String format) {
            for (Agent agent : Agent.values()) {
                cells[agent.ordinal()] = samples.cell(agent, format);
            }
            return this;
        }

        Row ours(String value) {
            cells[Agent.POOLSCOPE.ordinal()] = value;
            return this;
        }

        Row theirs(String value) {
            cells[Agent.OPENTELEMETRY.ordinal()] = value;
            return this;
        }

        /** It has no budget. */
        void informs() {
            end("", "", "");
        }

        /** It could not be measured: a miss. */
        void failed(String why) {
            missed++;
            end(why, "", "**not measured**");
        }

        /** It has a budget that it may reach. */
        void atMost(double budget, double counted, String format) {
            judge(counted <= budget, "≤ ", budget, counted, format);
        }

        /** It has a budget, and is missed only when it is over it by more than the machine's noise. */
        void atMostBeyondNoise(double budget, double counted, double noise, String format) {
            if (counted > budget && counted <= budget + noise) {
                end(
                        String.format(Locale.ROOT, format + " ± " + format, counted, noise),
                        String.format(Locale.ROOT, "≤ " + format, budget),
                        "lost in noise");
            } else {
                judge(counted <= budget, "≤ ", budget, counted, format);
            }
        }

        /** It has a budget that it may not reach. */
        void under(double budget, double counted, String format) {
            judge(counted < budget, "< ", budget, counted, format);
        }

        private void judge(boolean kept, String relation, double budget, double counted, String format) {
            if (!kept) {
                missed++;
            }
            end(
                    String.format(Locale.ROOT, format, counted),
                    relation + String.format(Locale.ROOT, format, budget),
                    kept ? "yes" : "**no**");
        }

        private void end(String counted, String budget, String kept) {
            rows.add("| " + figure + " | " + jdk + " | " + client + " | " + String.join(" | ", cells) + " | " + counted
                    + " | " + budget + " | " + kept + " |\n");
            System.err.print("benchmarks: " + rows.get(rows.size() - 1));
        }
    }

    Row row(String figure) {
        return new Row(figure);
    }

    /** How many figures missed their budgets. */
    int missed() {
        return missed;
    }

    @Override
    public String toString() {
        return HEAD + String.join("", rows);
    }
}

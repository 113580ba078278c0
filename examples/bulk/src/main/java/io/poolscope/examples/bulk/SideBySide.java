package io.poolscope.examples.bulk;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs the bulk writer through each client, as it was written and mended, and prints what the agent counted of both. The
 * first argument is the agent's jar, the others are options of the writer.
 */
public final class SideBySide {
    private static final int EXIT_FAILED = 1;
    private static final String ROW = "%-19s%-11s %11s %9s %8s   %-34s %s%n";

    private final Path agent;
    private final List<String> options;
    private final PrintStream out;

    private SideBySide(Path agent, List<String> options, PrintStream out) {
        this.agent = agent;
        this.options = options;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        try {
            List<String> options = List.of(args).subList(1, args.length);
            new SideBySide(Path.of(args[0]), options, System.out).run();
        } catch (IOException e) {
            System.err.println(e.getMessage().strip());
            System.exit(EXIT_FAILED);
        }
    }

    private void run() throws IOException, InterruptedException {
        Map<String, String> reports = new LinkedHashMap<>();
        for (Subject subject : Subject.values()) {
            Trial written = subject.asWritten(agent, options);
            if (reports.isEmpty()) {
                out.printf(ROW, "", "", "documents/s", "opened", "reused", "answers closed undrained", "closed");
            }
            String name = subject + " " + written.version();
            row(name, "as written", written);
            row("", "mended", subject.mended(agent, options));
            reports.put(name, lastWithLine(written.reports("UNDRAINED")));
        }
        reports.forEach((name, report) -> out.printf("%nof %s as written the agent says:%n%s%n", name, report));
    }

    /** Of some closes the agent does not know the line at first; it says so, and that is not what is to be shown. */
    private static String lastWithLine(List<String> reports) {
        return reports.stream()
                .filter(report -> report.contains("\n    at "))
                .reduce("nothing", (before, report) -> report);
    }

    private void row(String name, String version, Trial trial) {
        out.printf(
                ROW,
                name,
                version,
                number(trial.documentsPerSecond()),
                number(trial.opened()),
                String.format("%.1f %%", 100 * trial.reuse()),
                numbers(trial.undrained()) + drained(trial),
                numbers(trial.closes()));
    }

    private static String drained(Trial trial) {
        Long drained = trial.undrained().get("drained_on_close");
        return drained == null ? "" : String.format(", %.1f ms each", 1000 * trial.drainSeconds() / drained);
    }

    private static String numbers(Map<String, Long> numbers) {
        return numbers.isEmpty()
                ? "none"
                : numbers.entrySet().stream()
                        .map(each -> number(each.getValue()) + " " + each.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String number(long number) {
        return String.format("%,d", number);
    }
}

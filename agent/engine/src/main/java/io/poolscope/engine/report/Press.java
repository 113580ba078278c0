package io.poolscope.engine.report;

import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.telemetry.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Publishes reports: on the console, and to the observer. So many in a minute and no more; what is past that is counted in
 * a line when the minute is over. The last places of a minute are kept for what is worse: information gets half of them,
 * warnings four fifths. Until it is {@linkplain #open opened} reports wait, so that the banner comes first.
 *
 * <p>Confined to the engine's thread.
 */
public final class Press {

    private static final long MINUTE = 60_000_000_000L;
    /** So many reports wait for the opening. */
    private static final int WAITING = 100;

    private final Console console;
    private final int limit;
    private Observer observer = new Observer() {};
    private List<Runnable> waiting = new ArrayList<>();
    private long minuteBegan;
    private int written;
    private int suppressed;

    /** A press that writes so many reports in a minute. */
    public Press(Console console, int limit) {
        this.console = console;
        this.limit = limit;
    }

    /** Writes this first, then what has waited, and from now on what comes, at once. */
    public void open(Observer to, List<Report> first) {
        observer = to;
        first.forEach(this::tell);
        List<Runnable> before = waiting;
        waiting = null;
        if (before != null) {
            before.forEach(Runnable::run);
        }
    }

    /**
     * Publishes a report if the minute has a place for it.
     *
     * @param now as {@link System#nanoTime()}
     * @return whether it had; if not, it is counted
     */
    public boolean publish(Report report, long now) {
        tick(now);
        if (written >= places(report.severity()) || (waiting != null && waiting.size() >= WAITING)) {
            suppressed++;
            return false;
        }
        written++;
        if (waiting != null) {
            waiting.add(() -> deliver(report));
        } else {
            deliver(report);
        }
        return true;
    }

    /** Takes back what was published: always, for else it would stand. */
    public void correct(Report correction) {
        if (waiting != null) {
            waiting.add(() -> deliver(correction));
        } else {
            deliver(correction);
        }
    }

    private int places(Severity severity) {
        switch (severity) {
            case INFO:
                return Math.max(1, limit / 2);
            case WARN:
                return Math.max(1, limit * 4 / 5);
            default:
                return limit;
        }
    }

    private void deliver(Report report) {
        console.write(report);
        observer.report(report);
    }

    private void tell(Report notice) {
        console.write(notice);
        observer.notice(notice);
    }

    /** Writes a line about the agent itself; it takes no place. */
    public void notice(Report notice) {
        if (waiting == null) {
            tell(notice);
        } else if (waiting.size() < WAITING) {
            waiting.add(() -> tell(notice));
        }
    }

    /** Begins a new minute when it is time. */
    public void tick(long now) {
        if (minuteBegan != 0 && now - minuteBegan < MINUTE) {
            return;
        }
        sayWhatWasSuppressed();
        minuteBegan = now;
        written = 0;
    }

    /** Says how many reports of this minute were not written, if there are such. */
    public void sayWhatWasSuppressed() {
        if (suppressed > 0) {
            String line = Text.count(suppressed, "more report") + " in the last minute "
                    + (suppressed == 1 ? "was" : "were") + " not written (poolscope.report.limit)";
            notice(new Report(
                    Names.EVENT_AGENT,
                    Severity.WARN,
                    System.currentTimeMillis(),
                    line,
                    List.of(),
                    Collections.emptyMap()));
            suppressed = 0;
        }
    }
}

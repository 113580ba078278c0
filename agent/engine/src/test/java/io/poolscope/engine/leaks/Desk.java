package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.engine.report.Console;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.report.Report;
import io.poolscope.model.CallSite;
import io.poolscope.model.Client;
import io.poolscope.model.Clock;
import io.poolscope.model.Custody;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The engine without its thread: a test says when it looks, and reads what it wrote. */
final class Desk {

    static final long S = 1_000_000_000L;

    final Client httpclient = Client.add("apache-httpclient-4", "httpclient", "4.5.14", Client.ON);
    final Client okhttp = Client.add("okhttp", "okhttp", "4.12.0", Client.ON);
    final List<Report> reports = new ArrayList<>();
    final List<Lease> leaked = new ArrayList<>();
    final Catalogue catalogue;
    final Watchers watchers;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Press press;
    private final Observer observer = new Observer() {
        @Override
        public void report(Report report) {
            reports.add(report);
        }

        @Override
        public void leaked(Lease lease, StackTraceElement[] stack, boolean certain) {
            leaked.add(lease);
        }
    };
    /** The time that the engine is told: this much later than it is. */
    private long ahead;

    Desk() {
        this("text", true);
    }

    Desk(String log, boolean tellsRoutes) {
        clear();
        press = new Press(Console.to(written, log), 1_000);
        press.open(observer, List.of());
        SiteReader reader = new SiteReader(List.of("io.poolscope.engine."));
        catalogue = new Catalogue(50, 100, tellsRoutes, 300 * S, reader);
        watchers = new Watchers(catalogue, reader, press, new Style(60 * S, 2, 60 * S, 5 * S));
    }

    /** Ends what other tests have left in the tables and queues of the model, which are the process's. */
    static void clear() {
        CallSite.oneIn(64);
        Custody.wanted(true);
        Lease.OUTSTANDING.forEach(Lease::takenBack);
        Wait.OUTSTANDING.forEach(wait -> wait.ended(WaitOutcome.CANCELLED));
        while (Pool.poll() != null || Event.poll() != null || Custody.COLLECTED.poll() != null) {
            // Drop it.
        }
    }

    /** Time goes by. */
    Desk pass(long nanos) {
        ahead += nanos;
        return this;
    }

    /** One round of the engine; returns what it wrote. */
    String look() {
        Clock.tick();
        watchers.begin();
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            watchers.event(event);
        }
        watchers.tick(System.nanoTime() + ahead, observer);
        String text = written.toString(StandardCharsets.US_ASCII);
        written.reset();
        return text;
    }

    /** A round of the catalogue alone: nobody has looked what was lost. */
    void closeTheBooks() {
        watchers.begin();
        catalogue.tick(System.nanoTime() + ahead);
    }

    /** Collects garbage and looks, until so many leaks are found; returns what was written. */
    String lookUntilLeaked(int leaks) {
        StringBuilder text = new StringBuilder();
        Awaitility.await().until(() -> {
            System.gc();
            text.append(look());
            return leaked.size() >= leaks;
        });
        return text.toString();
    }

    /** What was written with everything that differs from run to run as in the examples. */
    static String stable(String text) {
        return text.replaceAll("(?m)^\\S+Z ", "2026-11-22T14:05:52.113Z ")
                .replaceAll("\\b\\d\\d:\\d\\d:\\d\\d\\b", "14:05:52")
                .replaceAll("\\.java:\\d+\\)", ".java:88)")
                .replaceAll("[0-9.]+ ms each", "3.1 ms each")
                // A machine under load takes its time between what happens and the look at it.
                .replaceAll("\\b6 m 1[2-9] s", "6 m 12 s")
                .replaceAll("\\b6[0-6] s", "60 s")
                .replaceAll("\\b9[2-7] s", "92 s")
                .replaceAll("\\b(9[89]|10[0-4]) s", "98 s");
    }
}

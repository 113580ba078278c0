package io.poolscope.engine.report;

import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.telemetry.Names;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Single lines about the agent itself, from any of its threads: a library that does not fit, a port that is taken, a back
 * end that is down. The engine's thread writes them, after the banner if there is one to come; they do not count against
 * the limit of reports. Never blocks; past the bound lines are dropped. Thread-safe.
 */
public final class Notices {

    private static final LinkedBlockingQueue<Report> QUEUE = new LinkedBlockingQueue<>(256);

    private Notices() {}

    /** Something that the user should know. */
    public static void info(String line) {
        offer(Severity.INFO, line);
    }

    /** Something does not work as the user may expect. */
    public static void warn(String line) {
        offer(Severity.WARN, line);
    }

    /** Something that the user asked for cannot be had. */
    public static void error(String line) {
        offer(Severity.ERROR, line);
    }

    private static void offer(Severity severity, String line) {
        Report notice = new Report(
                Names.EVENT_AGENT, severity, System.currentTimeMillis(), line, List.of(), Collections.emptyMap());
        QUEUE.offer(notice);
    }

    /** The next line to write, null if there is none. */
    public static Report poll() {
        return QUEUE.poll();
    }
}

package io.poolscope.engine.page;

import io.poolscope.engine.report.Console;
import io.poolscope.engine.report.Json;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.telemetry.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The latest reports, as they were written, and the latest lines about the agent itself.
 *
 * <p>Of one thing that happens again and again (the same event, at the same line, on the same route) the last report stands
 * for those before, or one noisy line would push out all others. Some 3 KB for each, 40 at most. Thread-safe.
 */
final class Archive {

    /** So many reports are kept. */
    static final int REPORTS = 40;
    /** So many lines about the agent. */
    static final int NOTICES = 20;

    /** What tells one thing from another. */
    private static final List<String> SAME = List.of(
            Names.POOL_NAME,
            Names.SERVER_ADDRESS,
            Names.SERVER_PORT,
            Names.PROXY_ADDRESS,
            Names.CODE_FUNCTION,
            Names.CODE_FILE,
            Names.CODE_LINE);

    private static final class Kept {
        private final Report report;
        private final long first;
        private final long written;

        Kept(Report report, long first, long written) {
            this.report = report;
            this.first = first;
            this.written = written;
        }
    }

    private final Map<List<Object>, Kept> reports = new LinkedHashMap<>();
    private final List<Report> notices = new ArrayList<>();
    private long taken;

    /** Takes in a report. */
    synchronized void report(Report report) {
        List<Object> key = new ArrayList<>();
        key.add(report.event());
        SAME.forEach(name -> key.add(report.attributes().get(name)));
        Kept before = reports.remove(key);
        reports.put(
                key,
                before == null ? new Kept(report, report.at(), 1) : new Kept(report, before.first, before.written + 1));
        if (reports.size() > REPORTS) {
            reports.remove(reports.keySet().iterator().next());
        }
        taken++;
    }

    /** Takes in a line about the agent. */
    synchronized void notice(Report notice) {
        notices.add(notice);
        if (notices.size() > NOTICES) {
            notices.remove(0);
        }
        taken++;
    }

    /** How many of both were taken in: who finds this unchanged has nothing to fetch. */
    synchronized long taken() {
        return taken;
    }

    /** Writes all, the latest first. */
    void write(Json json) {
        List<Kept> told;
        List<Report> said;
        synchronized (this) {
            json.put("taken", taken);
            told = new ArrayList<>(reports.values());
            said = new ArrayList<>(notices);
        }
        Collections.reverse(told);
        Collections.reverse(said);
        json.openList("reports");
        for (Kept kept : told) {
            json.open();
            kept.report.describe(json);
            json.put("first", Text.timeStamp(kept.first));
            json.put("written", kept.written);
            json.put("text", Console.text(kept.report));
            json.close();
        }
        json.closeList();
        json.openList("notices");
        for (Report notice : said) {
            json.open();
            notice.describe(json);
            json.put("text", Console.text(notice));
            json.close();
        }
        json.closeList();
    }
}

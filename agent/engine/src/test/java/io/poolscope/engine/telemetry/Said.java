package io.poolscope.engine.telemetry;

import io.poolscope.engine.report.Report;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** What telemetry says of itself. */
final class Said implements BiConsumer<Report.Severity, String> {

    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void accept(Report.Severity severity, String line) {
        lines.add(severity + " " + line);
    }
}

package io.poolscope.engine.telemetry;

import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.poolscope.engine.report.Report;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes a log record of each report: the same facts, for machines. Thread-safe. */
final class Records {

    private final Logger logger;

    Records(Logger logger) {
        this.logger = logger;
    }

    void report(Report report) {
        LogRecordBuilder builder = logger.logRecordBuilder()
                .setEventName(report.event())
                .setTimestamp(report.at(), TimeUnit.MILLISECONDS)
                .setSeverity(severity(report.severity()))
                .setSeverityText(report.severity().name())
                .setBody(body(report));
        for (Map.Entry<String, Object> attribute : report.attributes().entrySet()) {
            set(builder, attribute.getKey(), attribute.getValue());
        }
        builder.emit();
    }

    private static String body(Report report) {
        StringBuilder body = new StringBuilder(report.headline());
        for (String detail : report.details()) {
            body.append('\n').append(detail);
        }
        return body.toString();
    }

    private static Severity severity(Report.Severity severity) {
        switch (severity) {
            case ERROR:
                return Severity.ERROR;
            case WARN:
                return Severity.WARN;
            default:
                return Severity.INFO;
        }
    }

    private static void set(LogRecordBuilder builder, String key, Object value) {
        if (value instanceof Long || value instanceof Integer) {
            builder.setAttribute(key, ((Number) value).longValue());
        } else if (value instanceof Number) {
            builder.setAttribute(key, ((Number) value).doubleValue());
        } else if (value instanceof Boolean) {
            builder.setAttribute(key, (boolean) (Boolean) value);
        } else if (value != null) {
            builder.setAttribute(key, value.toString());
        }
    }
}

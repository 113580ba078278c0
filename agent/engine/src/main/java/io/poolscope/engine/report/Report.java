package io.poolscope.engine.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that a person should read: once on stderr in words, once as an OpenTelemetry log record, from the same
 * facts. Immutable.
 */
public final class Report {

    /** How bad it is. */
    public enum Severity {
        /** Good to know. */
        INFO,
        /** Something costs, or will. */
        WARN,
        /** Requests fail. */
        ERROR
    }

    private final String event;
    private final Severity severity;
    private final long at;
    private final String headline;
    private final List<String> details;
    private final Map<String, Object> attributes;

    /**
     * A report.
     *
     * @param event the log record's event name: {@code poolscope.leak}
     * @param at when, in milliseconds of the wall clock
     * @param headline a line that is complete by itself
     * @param details the lines below it, without indentation beyond their own
     * @param attributes the same facts by their names of the telemetry contract: strings, longs, doubles, booleans
     */
    public Report(
            String event,
            Severity severity,
            long at,
            String headline,
            List<String> details,
            Map<String, Object> attributes) {
        this.event = event;
        this.severity = severity;
        this.at = at;
        this.headline = headline;
        this.details = List.copyOf(details);
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** The event's name. */
    public String event() {
        return event;
    }

    /** How bad it is. */
    public Severity severity() {
        return severity;
    }

    /** When, in milliseconds of the wall clock. */
    public long at() {
        return at;
    }

    /** A line that is complete by itself. */
    public String headline() {
        return headline;
    }

    /** The lines below it. */
    public List<String> details() {
        return details;
    }

    /** The same facts by name. */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** Writes what it says, but for its lines, into a JSON object. */
    public void describe(Json json) {
        json.put("timestamp", Text.timeStamp(at));
        json.put("severity", severity);
        json.put("event.name", event);
        json.put("message", headline);
        attributes.forEach(json::put);
    }
}

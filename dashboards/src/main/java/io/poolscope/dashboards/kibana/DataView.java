package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.Json.object;

import java.util.List;
import java.util.Map;

/** The data streams that panels read. */
enum DataView {
    METRICS("poolscope-metrics", "metrics-*.otel-*", "Poolscope: metrics"),
    LOGS("poolscope-logs", "logs-*.otel-*", "Poolscope: log records"),
    TRACES("poolscope-traces", "traces-*.otel-*", "Poolscope: spans");

    static final String TIME = "@timestamp";

    private final String id;
    private final String pattern;
    private final String title;

    DataView(String id, String pattern, String title) {
        this.id = id;
        this.pattern = pattern;
        this.title = title;
    }

    String id() {
        return id;
    }

    /** A reference to it by this name. */
    Map<String, Object> reference(String name) {
        return object("id", id, "name", name, "type", "index-pattern");
    }

    /** The saved object. */
    Map<String, Object> json() {
        return object(
                "id",
                id,
                "type",
                "index-pattern",
                "attributes",
                object(
                        "title", pattern,
                        "name", title,
                        "timeFieldName", TIME,
                        "allowNoIndex", true,
                        "fields", "[]",
                        "fieldAttrs", "{}",
                        "fieldFormatMap", "{}",
                        "runtimeFieldMap", "{}",
                        "sourceFilters", "[]",
                        "typeMeta", "{}"),
                "references",
                List.of(),
                "coreMigrationVersion",
                SavedObjects.CORE_VERSION,
                "typeMigrationVersion",
                "8.0.0",
                "managed",
                false);
    }
}

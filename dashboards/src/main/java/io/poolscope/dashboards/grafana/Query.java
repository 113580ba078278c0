package io.poolscope.dashboards.grafana;

import static io.poolscope.dashboards.Json.object;

import java.util.Map;

/** What a panel asks Prometheus. Immutable. */
final class Query {
    static final Map<String, Object> DATASOURCE = object("type", "prometheus", "uid", "${datasource}");

    private final String expression;
    private final String legend;
    private final boolean isTable;
    private final boolean isHeatmap;
    private final boolean hasExemplars;

    private Query(String expression, String legend, boolean isTable, boolean isHeatmap, boolean hasExemplars) {
        this.expression = expression;
        this.legend = legend;
        this.isTable = isTable;
        this.isHeatmap = isHeatmap;
        this.hasExemplars = hasExemplars;
    }

    /** Over the time that is shown. */
    static Query range(String expression, String legend) {
        return new Query(Promql.complete(expression), legend, false, false, false);
    }

    /** The value at the end of it. */
    static Query now(String expression) {
        return new Query(Promql.complete(expression), null, true, false, false);
    }

    /** The buckets of a histogram: one series for each {@code le}. */
    static Query buckets(String expression) {
        return new Query(Promql.complete(expression), "{{le}}", false, true, false);
    }

    Query withExemplars() {
        return new Query(expression, legend, isTable, isHeatmap, true);
    }

    Map<String, Object> json(String refId) {
        return object(
                "refId", refId,
                "datasource", DATASOURCE,
                "editorMode", "code",
                "expr", expression,
                "legendFormat", legend,
                "format", isTable ? "table" : isHeatmap ? "heatmap" : "time_series",
                "instant", isTable,
                "range", !isTable,
                "exemplar", hasExemplars ? true : null);
    }
}

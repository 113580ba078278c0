package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.Json.object;

import java.util.List;
import java.util.Map;

/** What Lens asks Elasticsearch for: a bucket or a number. Immutable. */
final class Column {
    private final String label;
    private final boolean isBucket;
    private final Map<String, Object> json;

    private Column(String label, boolean isBucket, Map<String, Object> json) {
        this.label = label;
        this.isBucket = isBucket;
        this.json = json;
    }

    /** Time, in steps that Kibana chooses. */
    static Column time() {
        return bucket(
                "Time",
                "date",
                "date_histogram",
                "interval",
                DataView.TIME,
                object("interval", "auto", "includeEmptyRows", true, "dropPartials", false));
    }

    /** The values of a field that have the most of the first number. */
    static Column values(String label, String field) {
        return values(label, field, "string");
    }

    /** The same of a field of this type: {@code string} or {@code number}. */
    static Column values(String label, String field, String type) {
        return bucket(
                label,
                type,
                "terms",
                "ordinal",
                field,
                object(
                        "size",
                        20,
                        "orderBy",
                        object("type", "column", "columnId", Lens.FIRST_NUMBER),
                        "orderDirection",
                        "desc",
                        "otherBucket",
                        false,
                        "missingBucket",
                        false,
                        "parentFormat",
                        object("id", "terms")));
    }

    private static Column bucket(
            String label, String dataType, String operation, String scale, String field, Map<String, Object> params) {
        return new Column(
                label,
                true,
                object(
                        "label", label,
                        "customLabel", true,
                        "dataType", dataType,
                        "operationType", operation,
                        "isBucketed", true,
                        "scale", scale,
                        "sourceField", field,
                        "params", params));
    }

    /** How often something happened: counters are delta there, so that it is their sum. */
    static Column sum(String label, String field, String kql) {
        return number(label, "sum", field, kql, object("emptyAsNull", false), null);
    }

    /** The same in a second. */
    static Column rate(String label, String field, String kql) {
        return number(label, "sum", field, kql, object("emptyAsNull", false), "s");
    }

    /** The most at once, of one instance. */
    static Column max(String label, String field, String kql) {
        return number(label, "max", field, kql, object("emptyAsNull", true), null);
    }

    /** How many different values there are. */
    static Column distinct(String label, String field) {
        return number(label, "unique_count", field, "", object("emptyAsNull", false), null);
    }

    /** How many documents there are. */
    static Column documents(String label, String kql) {
        return number(label, "count", "___records___", kql, object("emptyAsNull", false), null);
    }

    /** A percentile of a field of type histogram. */
    static Column percentile(String label, int percentile, String field, String kql) {
        return number(
                label,
                "percentile",
                field,
                kql,
                object("percentile", percentile, "format", object("id", "number", "params", object("decimals", 4))),
                null);
    }

    /** A share, as Lens' formulas say it; Kibana makes the parts of it when it loads the panel. */
    static Column share(String label, String formula) {
        return new Column(
                label,
                false,
                object(
                        "label",
                        label,
                        "customLabel",
                        true,
                        "dataType",
                        "number",
                        "operationType",
                        "formula",
                        "isBucketed",
                        false,
                        "scale",
                        "ratio",
                        "params",
                        object(
                                "formula",
                                formula,
                                "isFormulaBroken",
                                false,
                                "format",
                                object("id", "percent", "params", object("decimals", 1))),
                        "references",
                        List.of()));
    }

    private static Column number(
            String label, String operation, String field, String kql, Map<String, Object> params, String timeScale) {
        return new Column(
                label,
                false,
                object(
                        "label",
                        label,
                        "customLabel",
                        true,
                        "dataType",
                        "number",
                        "operationType",
                        operation,
                        "isBucketed",
                        false,
                        "scale",
                        "ratio",
                        "sourceField",
                        field,
                        "filter",
                        kql.isEmpty() ? null : object("language", "kuery", "query", kql),
                        "timeScale",
                        timeScale,
                        "params",
                        params));
    }

    boolean isBucket() {
        return isBucket;
    }

    Map<String, Object> json() {
        return json;
    }

    @Override
    public String toString() {
        return label;
    }
}

package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.Json.object;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Lens asks Elasticsearch for: a bucket or a number. Immutable. */
final class Column {
    private static final String TERMS = "terms";

    private final String label;
    private final boolean isBucket;
    private final Map<String, Object> json;
    private final List<Column> parts;

    private Column(String label, boolean isBucket, Map<String, Object> json, List<Column> parts) {
        this.label = label;
        this.isBucket = isBucket;
        this.json = json;
        this.parts = parts;
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

    /** The same, with a row for those that have no value: who is not known must not be missing. */
    static Column valuesOrNone(String label, String field) {
        return values(label, field, null, "string", true);
    }

    /** The same of a field of this type: {@code string} or {@code number}. */
    static Column values(String label, String field, String type) {
        return values(label, field, null, type, false);
    }

    /** The pairs of values of two fields that have the most of the first number. What has not both is not among them. */
    static Column pairs(String label, String field, String other) {
        return values(label, field, other, "string", false);
    }

    private static Column values(String label, String field, String other, String type, boolean orNone) {
        return bucket(
                label,
                type,
                TERMS,
                "ordinal",
                field,
                object(
                        "size",
                        20,
                        "orderDirection",
                        "desc",
                        "otherBucket",
                        orNone, // without it the other one is not heeded
                        "missingBucket",
                        orNone,
                        "secondaryFields",
                        other == null ? null : List.of(other),
                        "parentFormat",
                        object("id", other == null ? TERMS : "multi_terms")));
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
                        "params", params),
                List.of());
    }

    /**
     * How often something happened: counters are delta there, so that it is their sum. Of what goes up and down it says nothing,
     * but as a share of such another: that is one of all moments and instances together.
     */
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

    /** The share of values of a field of type histogram that are no more than this, in percent. */
    static Column atMost(String label, double value, String field, String kql) {
        return number(
                label,
                "percentile_rank",
                field,
                kql,
                object(
                        "value",
                        value,
                        "format",
                        object("id", "number", "params", object("decimals", 1, "suffix", " %"))),
                null);
    }

    /**
     * One number through another, as a formula. Lens makes its parts when somebody edits a formula, not when it loads one:
     * they have to be there.
     */
    static Column share(String label, Column some, Column all) {
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
                                some.formula() + " / " + all.formula(),
                                "isFormulaBroken",
                                false,
                                "format",
                                object("id", "percent", "params", object("decimals", 1)))),
                List.of(some, all));
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
                        params),
                List.of());
    }

    boolean isBucket() {
        return isBucket;
    }

    boolean isTime() {
        return json.get("operationType").equals("date_histogram");
    }

    /** Under this name, with the names of its parts behind it; values of a field come in the order of this number. */
    Map<String, Map<String, Object>> json(String id, Column first) {
        Map<String, Map<String, Object>> columns = new LinkedHashMap<>();
        Map<String, Object> own = new LinkedHashMap<>(json);
        columns.put(id, own);
        if (json.get("operationType").equals(TERMS)) {
            own.put("params", first.ordering(json.get("params")));
        }
        if (!parts.isEmpty()) {
            List<String> ids = List.of(id + "X0", id + "X1");
            for (int i = 0; i < ids.size(); i++) {
                columns.put(ids.get(i), parts.get(i).asPart(label));
            }
            columns.put(id + "X2", quotient(ids));
            own.put("references", List.of(id + "X2"));
        }
        return columns;
    }

    /** Lens cannot order by a formula, but by an aggregation of its own: then it is the whole of which this is a share. */
    private Map<String, Object> ordering(Object params) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        ((Map<?, ?>) params).forEach((key, value) -> ordered.put((String) key, value));
        if (parts.isEmpty()) {
            ordered.put("orderBy", object("type", "column", "columnId", Lens.FIRST_NUMBER));
        } else {
            ordered.put("orderBy", object("type", "custom"));
            ordered.put("orderAgg", parts.get(1).json);
        }
        return ordered;
    }

    private Map<String, Object> asPart(String whole) {
        Map<String, Object> part = new LinkedHashMap<>(json);
        part.put("label", "Part of " + whole);
        part.put("params", object("emptyAsNull", false));
        return part;
    }

    private Map<String, Object> quotient(List<String> ids) {
        String formula = (String) ((Map<?, ?>) json.get("params")).get("formula");
        return object(
                "label",
                "Part of " + label,
                "customLabel",
                true,
                "dataType",
                "number",
                "operationType",
                "math",
                "isBucketed",
                false,
                "scale",
                "ratio",
                "params",
                object(
                        "tinymathAst",
                        object(
                                "type",
                                "function",
                                "name",
                                "divide",
                                "args",
                                ids,
                                "location",
                                object("min", 0, "max", formula.length()),
                                "text",
                                formula)),
                "references",
                ids);
    }

    private String formula() {
        Map<?, ?> filter = (Map<?, ?>) json.get("filter");
        return json.get("operationType") + "(" + json.get("sourceField")
                + (filter == null ? "" : ", kql='" + filter.get("query") + "'") + ")";
    }

    @Override
    public String toString() {
        return label;
    }
}

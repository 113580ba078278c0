package io.poolscope.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.poolscope.containers.Kibana.Row;
import io.poolscope.containers.Kibana.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/** A panel of Lens, as the search that Lens makes of it: its columns are translated one by one. Immutable. */
final class LensPanel {
    /** Kibana chooses it by the time shown; any will do. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final String title;
    private final String indices;
    private final String kql;
    private final Map<String, JsonNode> columns = new LinkedHashMap<>();
    private final List<Bucket> buckets = new ArrayList<>();

    /** A field of a bucketed column; pairs of values are those of one field beneath those of the other. */
    private record Bucket(String id, String field) {
        String name() {
            return id + " " + field;
        }
    }

    LensPanel(JsonNode panel, Kibana kibana) {
        title = panel.get("title").asText();
        JsonNode state = panel.at("/embeddableConfig/attributes/state");
        JsonNode layer = state.at("/datasourceStates/formBased/layers/layer");
        indices = kibana.pattern(layer.get("indexPatternId").asText());
        kql = state.at("/query/query").asText();
        for (JsonNode id : layer.get("columnOrder")) {
            JsonNode column = layer.get("columns").get(id.asText());
            columns.put(id.asText(), column);
            if (column.get("isBucketed").asBoolean()) {
                buckets.add(new Bucket(id.asText(), column.get("sourceField").asText()));
                column.at("/params/secondaryFields")
                        .forEach(field -> buckets.add(new Bucket(id.asText(), field.asText())));
            }
        }
    }

    /** The fields of metrics that it aggregates. */
    Set<String> metrics() {
        Set<String> metrics = new TreeSet<>();
        for (JsonNode column : columns.values()) {
            String field = column.path("sourceField").asText();
            if (field.startsWith("metrics.")) {
                metrics.add(field);
            }
        }
        return metrics;
    }

    /** What its numbers are called. */
    Set<String> numbers() {
        Set<String> labels = new TreeSet<>();
        for (JsonNode column : columns.values()) {
            if (isShown(column)) {
                labels.add(column.get("label").asText());
            }
        }
        return labels;
    }

    private static boolean isShown(JsonNode column) {
        String label = column.get("label").asText();
        return !column.get("isBucketed").asBoolean() && !label.startsWith("Part of ");
    }

    /** What it shows. */
    List<Row> rows(Elasticsearch elasticsearch, Shown shown) throws Exception {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("size", 0);
        body.put("track_total_hits", true);
        body.set("query", shown.query(kql));
        body.set("aggs", level(0));
        JsonNode answer = elasticsearch.search(indices, body);
        List<Row> rows = new ArrayList<>();
        ObjectNode whole = (ObjectNode) answer.get("aggregations");
        whole.put("doc_count", answer.at("/hits/total/value").asLong());
        collect(0, whole, new TreeMap<>(), rows);
        return rows;
    }

    /** The one number of a panel that shows one. */
    double number(Elasticsearch elasticsearch, Shown shown) throws Exception {
        List<Row> rows = rows(elasticsearch, shown);
        if (rows.size() != 1 || rows.get(0).numbers().size() != 1) {
            throw new AssertionError(title + " shows no single number but " + rows);
        }
        return rows.get(0).numbers().values().iterator().next();
    }

    /** Its first number by the values of all columns but time, over which it is merged; without those that are nothing. */
    Map<String, Double> by(Elasticsearch elasticsearch, Shown shown, BinaryOperator<Double> merge) throws Exception {
        Map<String, Double> by = new TreeMap<>();
        for (Row row : rows(elasticsearch, shown)) {
            Map<String, String> values = new TreeMap<>(row.values());
            values.remove("Time");
            double number = row.numbers().values().iterator().next();
            by.merge(String.join(" ", values.values()), number, merge);
        }
        by.values().removeIf(number -> number == 0);
        return by;
    }

    private ObjectNode level(int depth) {
        ObjectNode aggregations = MAPPER.createObjectNode();
        if (depth < buckets.size()) {
            Bucket asked = buckets.get(depth);
            ObjectNode bucket = bucket(columns.get(asked.id()), asked.field());
            bucket.withObject("/aggs").setAll(level(depth + 1));
            aggregations.set(asked.name(), bucket);
            return aggregations;
        }
        columns.forEach((id, column) -> {
            ObjectNode number = column.get("isBucketed").asBoolean() ? null : number(column);
            if (number != null) {
                aggregations.set(id, number);
            }
        });
        return aggregations;
    }

    private ObjectNode bucket(JsonNode column, String field) {
        ObjectNode bucket = MAPPER.createObjectNode();
        String operation = column.get("operationType").asText();
        switch (operation) {
            case "date_histogram" ->
                bucket.putObject(operation)
                        .put("field", field)
                        .put("fixed_interval", INTERVAL.toSeconds() + "s")
                        .put("min_doc_count", 1);
            case "terms" -> {
                ObjectNode terms = bucket.putObject(operation)
                        .put("field", field)
                        .put("size", column.at("/params/size").asInt());
                if (column.at("/params/missingBucket").asBoolean()) {
                    terms.put("missing", "__missing__");
                }
                JsonNode by = column.at("/params/orderBy/type").asText().equals("custom")
                        ? column.at("/params/orderAgg")
                        : columns.get(column.at("/params/orderBy/columnId").asText());
                ObjectNode order = number(by);
                String direction = column.at("/params/orderDirection").asText();
                if (order == null) {
                    terms.putObject("order").put("_count", direction);
                } else {
                    boolean isFiltered = order.has("filter");
                    terms.putObject("order").put(isFiltered ? "order>value" : "order", direction);
                    bucket.putObject("aggs").set("order", order);
                }
            }
            default -> throw new AssertionError("no bucket: " + column);
        }
        return bucket;
    }

    /** Null where nothing has to be asked: a number of documents, or one made of others. */
    private static ObjectNode number(JsonNode column) {
        String operation = column.get("operationType").asText();
        ObjectNode number = MAPPER.createObjectNode();
        switch (operation) {
            case "sum", "max" ->
                number.putObject(operation)
                        .put("field", column.get("sourceField").asText());
            case "unique_count" ->
                number.putObject("cardinality")
                        .put("field", column.get("sourceField").asText());
            case "count", "formula", "math" -> number = null;
            default -> throw new AssertionError("no number: " + column);
        }
        if (column.has("filter")) {
            ObjectNode filtered = MAPPER.createObjectNode();
            filtered.set("filter", Kql.query(column.at("/filter/query").asText()));
            if (number != null) {
                filtered.putObject("aggs").set("value", number);
            }
            return filtered;
        }
        return number;
    }

    private void collect(int depth, JsonNode answer, Map<String, String> values, List<Row> rows) {
        if (depth < buckets.size()) {
            Bucket asked = buckets.get(depth);
            for (JsonNode bucket : answer.get(asked.name()).get("buckets")) {
                JsonNode key = bucket.has("key_as_string") ? bucket.get("key_as_string") : bucket.get("key");
                Map<String, String> more = new TreeMap<>(values);
                more.merge(
                        columns.get(asked.id()).get("label").asText(), key.asText(), (one, other) -> one + " " + other);
                collect(depth + 1, bucket, more, rows);
            }
            return;
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        columns.forEach((id, column) -> {
            if (isShown(column)) {
                double value = value(id, answer);
                if (!Double.isNaN(value)) {
                    numbers.put(column.get("label").asText(), value);
                }
            }
        });
        if (!numbers.isEmpty()) {
            rows.add(new Row(values, numbers));
        }
    }

    /** NaN for none. */
    private double value(String id, JsonNode answer) {
        JsonNode column = columns.get(id);
        return switch (column.get("operationType").asText()) {
            case "formula" -> value(column.get("references").get(0).asText(), answer);
            case "math" -> math(column.at("/params/tinymathAst"), answer);
            case "count" ->
                (column.has("filter") ? answer.get(id) : answer)
                        .get("doc_count")
                        .asDouble();
            default -> {
                JsonNode number = column.has("filter") ? answer.get(id).get("value") : answer.get(id);
                double value = number.get("value").isNull()
                        ? Double.NaN
                        : number.get("value").asDouble();
                yield column.path("timeScale").asText().equals("s") ? value / INTERVAL.toSeconds() : value;
            }
        };
    }

    private double math(JsonNode node, JsonNode answer) {
        if (node.isTextual()) {
            return value(node.asText(), answer);
        }
        if (node.path("name").asText().equals("divide")) {
            double divisor = math(node.at("/args/1"), answer);
            return divisor == 0 ? Double.NaN : math(node.at("/args/0"), answer) / divisor; // as Lens has it
        }
        throw new AssertionError("no mathematics for " + node);
    }

    @Override
    public String toString() {
        return title;
    }
}

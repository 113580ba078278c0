package io.poolscope.containers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Queries in Kibana's language, as Elasticsearch's: as much of it as the dashboards use ({@code field: value}, quoted or with a
 * star, {@code not}, {@code and}, {@code or}), and an error for the rest.
 */
final class Kql {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern TOKEN = Pattern.compile("\\s*(\"[^\"]*\"|:|[^\\s:()<>\"]+)");

    private final String text;
    private final List<String> tokens = new ArrayList<>();
    private int at;

    private Kql(String text) {
        this.text = text;
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (token.find() && token.start() == end) {
            tokens.add(token.group(1));
            end = token.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new AssertionError("not understood: " + text.substring(end) + " in " + text);
        }
    }

    static ObjectNode query(String text) {
        if (text.isBlank()) {
            ObjectNode all = MAPPER.createObjectNode();
            all.putObject("match_all");
            return all;
        }
        Kql kql = new Kql(text);
        ObjectNode query = kql.any();
        if (kql.at < kql.tokens.size()) {
            throw new AssertionError(
                    "not understood: " + kql.tokens.subList(kql.at, kql.tokens.size()) + " in " + text);
        }
        return query;
    }

    private ObjectNode any() {
        List<ObjectNode> queries = new ArrayList<>(List.of(all()));
        while (isNext("or")) {
            queries.add(all());
        }
        return bool("should", queries);
    }

    private ObjectNode all() {
        List<ObjectNode> queries = new ArrayList<>(List.of(one()));
        while (isNext("and")) {
            queries.add(one());
        }
        return bool("filter", queries);
    }

    private ObjectNode one() {
        if (isNext("not")) {
            ObjectNode not = MAPPER.createObjectNode();
            not.putObject("bool").putArray("must_not").add(one());
            return not;
        }
        String field = next();
        if (!next().equals(":")) {
            throw new AssertionError("no field in " + text);
        }
        String value = next();
        ObjectNode query = MAPPER.createObjectNode();
        if (value.equals("*")) {
            query.putObject("exists").put("field", field);
        } else if (value.startsWith("\"")) {
            query.putObject("match_phrase").put(field, value.substring(1, value.length() - 1));
        } else if (value.contains("*")) {
            query.putObject("query_string")
                    .put("query", value)
                    .putArray("fields")
                    .add(field);
        } else {
            query.putObject("match").put(field, value);
        }
        return query;
    }

    private static ObjectNode bool(String kind, List<ObjectNode> queries) {
        if (queries.size() == 1) {
            return queries.get(0);
        }
        ObjectNode bool = MAPPER.createObjectNode();
        ArrayNode clauses = bool.putObject("bool").putArray(kind);
        queries.forEach(clauses::add);
        return bool;
    }

    private boolean isNext(String word) {
        boolean isNext = at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
        at += isNext ? 1 : 0;
        return isNext;
    }

    private String next() {
        if (at == tokens.size()) {
            throw new AssertionError("ends too early: " + text);
        }
        return tokens.get(at++);
    }
}

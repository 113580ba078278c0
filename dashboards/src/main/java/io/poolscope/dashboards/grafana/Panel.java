package io.poolscope.dashboards.grafana;

import static io.poolscope.dashboards.Json.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A panel: what it asks and how it is drawn. Made by a chain of calls, each of which returns the panel itself. */
final class Panel {
    private final String type;
    private final String title;
    private final List<Query> queries = new ArrayList<>();
    private final Map<String, Object> defaults = new LinkedHashMap<>();
    private final Map<String, Object> custom = new LinkedHashMap<>();
    private final List<Object> overrides = new ArrayList<>();
    private final List<Object> transformations = new ArrayList<>();
    private int width;
    private int height;
    private Map<String, Object> options = object();
    private String description;

    private Panel(String type, String title, int width, int height) {
        this.type = type;
        this.title = title;
        this.width = width;
        this.height = height;
    }

    /** Lines over time. */
    static Panel lines(String title, String unit) {
        Panel panel = new Panel("timeseries", title, 12, 8).unit(unit);
        panel.custom.putAll(object(
                "drawStyle", "line", "lineWidth", 1, "fillOpacity", 8, "showPoints", "never", "spanNulls", false));
        panel.defaults.put("min", 0);
        panel.options = object(
                "legend",
                object(
                        "displayMode",
                        "table",
                        "placement",
                        "bottom",
                        "showLegend",
                        true,
                        "calcs",
                        List.of("lastNotNull", "max")),
                "tooltip",
                object("mode", "multi", "sort", "desc"));
        return panel;
    }

    /** One number, the latest. */
    static Panel number(String title, String unit) {
        Panel panel = new Panel("stat", title, 3, 4).unit(unit);
        panel.options = object(
                "colorMode",
                "value",
                "graphMode",
                "none",
                "justifyMode",
                "auto",
                "orientation",
                "auto",
                "percentChangeColorMode",
                "standard",
                "showPercentChange",
                false,
                "textMode",
                "value",
                "wideLayout",
                true,
                "reduceOptions",
                object("calcs", List.of("lastNotNull"), "fields", "", "values", false));
        return panel;
    }

    /** How many of each duration, over time. */
    static Panel heatmap(String title) {
        Panel panel = new Panel("heatmap", title, 12, 8);
        panel.options = object(
                "calculate",
                false,
                "cellGap",
                1,
                "color",
                object(
                        "mode",
                        "scheme",
                        "scheme",
                        "Oranges",
                        "steps",
                        64,
                        "exponent",
                        0.5,
                        "scale",
                        "exponential",
                        "fill",
                        "dark-orange",
                        "reverse",
                        false),
                "exemplars",
                object("color", "rgba(255,0,255,0.7)"),
                "filterValues",
                object("le", 1e-9),
                "legend",
                object("show", true),
                "rowsFrame",
                object("layout", "auto"),
                "showValue",
                "never",
                "tooltip",
                object("mode", "single", "yHistogram", true, "showColorScale", true),
                "yAxis",
                object("axisPlacement", "left", "reverse", false, "unit", "s"));
        return panel;
    }

    /** Rows of the latest values. */
    static Panel table(String title) {
        Panel panel = new Panel("table", title, 24, 9);
        panel.options = object("showHeader", true, "cellHeight", "sm", "frameIndex", 0);
        panel.custom.put("align", "auto");
        panel.custom.put("filterable", true);
        return panel;
    }

    Panel size(int columns, int rows) {
        width = columns;
        height = rows;
        return this;
    }

    /** What it answers: shown at its title. */
    Panel says(String text) {
        description = text;
        return this;
    }

    Panel ask(Query query) {
        queries.add(query);
        return this;
    }

    Panel ask(String expression, String legend) {
        return ask(Query.range(expression, legend));
    }

    Panel unit(String unit) {
        defaults.put("unit", unit);
        return this;
    }

    Panel decimals(int decimals) {
        defaults.put("decimals", decimals);
        return this;
    }

    Panel max(double max) {
        defaults.put("max", max);
        return this;
    }

    /** What stands there when there is nothing. */
    Panel ifNothing(String text) {
        defaults.put("noValue", text);
        return this;
    }

    Panel stacked() {
        custom.put("stacking", object("mode", "normal", "group", "A"));
        custom.put("fillOpacity", 30);
        return this;
    }

    /** Draws the axis by powers of ten. */
    Panel logarithmic() {
        custom.put("scaleDistribution", object("type", "log", "log", 10));
        defaults.remove("min");
        return this;
    }

    /** Green, and from these values on another colour. */
    Panel colours(Object... valuesAndColours) {
        return thresholds("green", valuesAndColours);
    }

    /** Red, and from these values on another colour: where more is better. */
    Panel coloursOfGood(Object... valuesAndColours) {
        return thresholds("red", valuesAndColours);
    }

    private Panel thresholds(String first, Object... valuesAndColours) {
        List<Object> steps = new ArrayList<>();
        Map<String, Object> base = object("color", first);
        base.put("value", null);
        steps.add(base);
        for (int i = 0; i < valuesAndColours.length; i += 2) {
            steps.add(object("color", valuesAndColours[i + 1], "value", valuesAndColours[i]));
        }
        defaults.put("color", object("mode", "thresholds"));
        defaults.put("thresholds", object("mode", "absolute", "steps", steps));
        return this;
    }

    /** Draws the thresholds as lines, and colours the series as usual. */
    Panel thresholdLine(double value) {
        thresholds("transparent", value, "orange");
        defaults.put("color", object("mode", "palette-classic"));
        custom.put("thresholdsStyle", object("mode", "dashed"));
        return this;
    }

    /** Draws the series of a query as a dashed line without a fill: a limit. */
    Panel dashed(String refId) {
        return override(
                "byFrameRefID",
                refId,
                "custom.lineStyle",
                object("fill", "dash", "dash", List.of(8, 6)),
                "custom.fillOpacity",
                0,
                "custom.stacking",
                object("mode", "none", "group", "B"));
    }

    /** Gives the series of this name a colour. */
    Panel colour(String series, String colour) {
        return override("byName", series, "color", object("mode", "fixed", "fixedColor", colour));
    }

    /** Settings of a column. */
    Panel column(String name, Object... properties) {
        return override("byName", name, properties);
    }

    private Panel override(String matcher, String matched, Object... idsAndValues) {
        List<Object> properties = new ArrayList<>();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            properties.add(object("id", idsAndValues[i], "value", idsAndValues[i + 1]));
        }
        overrides.add(object("matcher", object("id", matcher, "options", matched), "properties", properties));
        return this;
    }

    /** Puts the answers of all queries into one row for each set of labels. */
    Panel merged() {
        transformations.add(object("id", "merge", "options", object()));
        return this;
    }

    /** Names the columns that are shown, in order; all others are hidden. */
    Panel columns(String... fieldsAndNames) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        Map<String, Object> index = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < fieldsAndNames.length; i += 2) {
            index.put(fieldsAndNames[i], i / 2);
            renamed.put(fieldsAndNames[i], fieldsAndNames[i + 1]);
            names.add(fieldsAndNames[i]);
        }
        transformations.add(object("id", "filterFieldsByName", "options", object("include", object("names", names))));
        transformations.add(object(
                "id",
                "organize",
                "options",
                object("excludeByName", object(), "indexByName", index, "renameByName", renamed)));
        return this;
    }

    Panel sortedBy(String column) {
        options.put("sortBy", List.of(object("displayName", column, "desc", true)));
        return this;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    Map<String, Object> json(int id, int x, int y) {
        List<Object> targets = new ArrayList<>();
        for (Query query : queries) {
            targets.add(query.json(String.valueOf((char) ('A' + targets.size()))));
        }
        Map<String, Object> fields = new LinkedHashMap<>(defaults);
        if (!custom.isEmpty()) {
            fields.put("custom", custom);
        }
        return object(
                "id", id,
                "type", type,
                "title", title,
                "description", description,
                "datasource", Query.DATASOURCE,
                "gridPos", object("h", height, "w", width, "x", x, "y", y),
                "fieldConfig", object("defaults", fields, "overrides", overrides),
                "options", options,
                "targets", targets,
                "transformations", transformations.isEmpty() ? null : transformations);
    }
}

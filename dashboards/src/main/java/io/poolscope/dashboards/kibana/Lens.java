package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.Json.object;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A panel of Lens: columns over a data view, and how they are drawn. Immutable. */
final class Lens {
    static final String FIRST_NUMBER = "number-1";

    private static final String LAYER = "layer";

    private final String title;
    private final String says;
    private final DataView view;
    private final String kql;
    private final String visualization;
    private final String series;
    private final int width;
    private final int height;
    private final Map<String, Column> columns = new LinkedHashMap<>();

    private Lens(
            String title,
            String says,
            DataView view,
            String kql,
            String visualization,
            String series,
            int width,
            int height,
            Column... columns) {
        this.title = title;
        this.says = says;
        this.view = view;
        this.kql = kql;
        this.visualization = visualization;
        this.series = series;
        this.width = width;
        this.height = height;
        int buckets = 0;
        int numbers = 0;
        for (Column column : columns) {
            this.columns.put(column.isBucket() ? "bucket-" + ++buckets : "number-" + ++numbers, column);
        }
    }

    /** One number over the time that is shown. */
    static Lens number(String title, String says, DataView view, String kql, Column number) {
        return new Lens(title, says, view, kql, "lnsMetric", "", 8, 6, number);
    }

    /** Lines over time, one for each value of the second column if that is a bucket. */
    static Lens lines(String title, String says, DataView view, String kql, Column... columns) {
        return new Lens(title, says, view, kql, "lnsXY", "line", 24, 12, columns);
    }

    /** The same as bars that stand upon each other. */
    static Lens bars(String title, String says, DataView view, String kql, Column... columns) {
        return new Lens(title, says, view, kql, "lnsXY", "bar_stacked", 24, 12, columns);
    }

    /** A row for each set of values. */
    static Lens table(String title, String says, DataView view, String kql, Column... columns) {
        return new Lens(title, says, view, kql, "lnsDatatable", "", 24, 12, columns);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** References of the panel of this name, as its dashboard lists them. */
    List<Map<String, Object>> references(String panel) {
        return List.of(view.reference(panel + ":indexpattern-datasource-layer-" + LAYER));
    }

    Map<String, Object> json(String panel, int x, int y) {
        Map<String, Object> asked = new LinkedHashMap<>();
        columns.forEach((id, column) -> asked.putAll(column.json(id, columns.get(FIRST_NUMBER))));
        Map<String, Object> layer = object(
                "columnOrder",
                order(asked.keySet()),
                "columns",
                asked,
                "incompleteColumns",
                object(),
                "indexPatternId",
                view.id(),
                "sampling",
                1,
                "ignoreGlobalFilters",
                false);
        Map<String, Object> state = object(
                "adHocDataViews", object(),
                "datasourceStates",
                        object("formBased", object("currentIndexPatternId", view.id(), "layers", object(LAYER, layer))),
                "filters", List.of(),
                "internalReferences", List.of(),
                "query", object("language", "kuery", "query", kql),
                "visualization", visualization());
        Map<String, Object> attributes = object(
                "title", title,
                "description", says,
                "type", "lens",
                "visualizationType", visualization,
                "references", List.of(view.reference("indexpattern-datasource-layer-" + LAYER)),
                "state", state);
        return object(
                "type",
                "lens",
                "version",
                SavedObjects.DASHBOARD_VERSION,
                "panelIndex",
                panel,
                "title",
                title,
                "gridData",
                object("x", x, "y", y, "w", width, "h", height, "i", panel),
                "embeddableConfig",
                object("attributes", attributes, "description", says, "enhancements", object()));
    }

    /** First the values, so that the most are those of all the time shown; then time; then numbers, their parts at the end. */
    private List<String> order(Set<String> ids) {
        List<String> order = new ArrayList<>(ids);
        order.sort(Comparator.comparing(id -> {
            Column column = columns.get(id);
            return column == null ? 3 : !column.isBucket() ? 2 : column.isTime() ? 1 : 0;
        }));
        return order;
    }

    private List<String> ids(boolean buckets) {
        List<String> ids = new ArrayList<>();
        columns.forEach((id, column) -> {
            if (column.isBucket() == buckets) {
                ids.add(id);
            }
        });
        return ids;
    }

    private Map<String, Object> visualization() {
        List<String> buckets = ids(true);
        List<String> numbers = ids(false);
        switch (visualization) {
            case "lnsMetric":
                return object("layerId", LAYER, "layerType", "data", "metricAccessor", numbers.get(0));
            case "lnsXY":
                return object(
                        "preferredSeriesType",
                        series,
                        "fittingFunction",
                        "None",
                        "valueLabels",
                        "hide",
                        "legend",
                        object("isVisible", true, "position", "bottom", "showSingleSeries", true),
                        "axisTitlesVisibilitySettings",
                        object("x", false, "yLeft", false, "yRight", false),
                        "layers",
                        List.of(object(
                                "layerId",
                                LAYER,
                                "layerType",
                                "data",
                                "seriesType",
                                series,
                                "xAccessor",
                                buckets.get(0),
                                "splitAccessor",
                                buckets.size() > 1 ? buckets.get(1) : null,
                                "accessors",
                                numbers)));
            default:
                List<Object> shown = new ArrayList<>();
                columns.keySet().forEach(id -> shown.add(object("columnId", id)));
                return object(
                        "layerId",
                        LAYER,
                        "layerType",
                        "data",
                        "columns",
                        shown,
                        "sorting",
                        object("columnId", FIRST_NUMBER, "direction", "desc"));
        }
    }
}

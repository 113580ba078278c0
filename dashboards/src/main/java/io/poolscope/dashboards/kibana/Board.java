package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.Json.object;

import io.poolscope.dashboards.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dashboard: panels that flow from left to right, and filters for service, pool and route. */
final class Board {
    private static final int COLUMNS = 48;

    private final String id;
    private final String title;
    private final String description;
    private final List<Map<String, Object>> panels = new ArrayList<>();
    private final List<Map<String, Object>> references = new ArrayList<>();
    private final List<Search> searches = new ArrayList<>();
    private int x;
    private int y;
    private int height;

    Board(String id, String title, String description) {
        this.id = id;
        this.title = title;
        this.description = description;
    }

    Board add(Lens... flowing) {
        for (Lens lens : flowing) {
            if (x + lens.width() > COLUMNS) {
                newLine();
            }
            String panel = "panel-" + (panels.size() + 1);
            panels.add(lens.json(panel, x, y));
            references.addAll(lens.references(panel));
            x += lens.width();
            height = Math.max(height, lens.height());
        }
        return this;
    }

    /** On a line of its own. */
    Board add(Search search) {
        newLine();
        String panel = "panel-" + (panels.size() + 1);
        panels.add(search.panel(panel, COLUMNS, y));
        references.addAll(search.references(panel));
        searches.add(search);
        y += search.height();
        return this;
    }

    /** What has to be imported with it. */
    List<Search> searches() {
        return List.copyOf(searches);
    }

    private void newLine() {
        x = 0;
        y += height;
        height = 0;
    }

    /** A line of text over what follows. */
    Board heading(String markdown) {
        newLine();
        String panel = "panel-" + (panels.size() + 1);
        panels.add(object(
                "type",
                "visualization",
                "version",
                SavedObjects.DASHBOARD_VERSION,
                "panelIndex",
                panel,
                "gridData",
                object("x", 0, "y", y, "w", COLUMNS, "h", 3, "i", panel),
                "embeddableConfig",
                object(
                        "hidePanelTitles",
                        true,
                        "enhancements",
                        object(),
                        "savedVis",
                        object(
                                "type",
                                "markdown",
                                "title",
                                "",
                                "description",
                                "",
                                "uiState",
                                object(),
                                "params",
                                object("fontSize", 12, "openLinksInNewTab", false, "markdown", markdown),
                                "data",
                                object("aggs", List.of(), "searchSource", object())))));
        y += 3;
        return this;
    }

    /** The saved object. */
    Map<String, Object> json() {
        Map<String, Object> controls = new LinkedHashMap<>();
        List<Map<String, Object>> all = new ArrayList<>(references);
        control(controls, all, "service", "Service", "resource.attributes.service.name");
        control(controls, all, "pool", "Pool", "attributes.poolscope.pool.name");
        control(controls, all, "route", "Route", "attributes.server.address");
        String source = Json.line(object("query", object("language", "kuery", "query", ""), "filter", List.of()));
        return object(
                "id",
                id,
                "type",
                "dashboard",
                "attributes",
                object(
                        "title",
                        title,
                        "description",
                        description,
                        "timeRestore",
                        true,
                        "timeFrom",
                        "now-1h",
                        "timeTo",
                        "now",
                        "refreshInterval",
                        object("pause", false, "value", 30000),
                        "version",
                        1,
                        "optionsJSON",
                        Json.line(object(
                                "useMargins", true,
                                "syncColors", true,
                                "syncCursor", true,
                                "syncTooltips", false,
                                "hidePanelTitles", false)),
                        "panelsJSON",
                        Json.line(panels),
                        "controlGroupInput",
                        object(
                                "chainingSystem",
                                "HIERARCHICAL",
                                "controlStyle",
                                "oneLine",
                                "ignoreParentSettingsJSON",
                                Json.line(object(
                                        "ignoreFilters", false,
                                        "ignoreQuery", false,
                                        "ignoreTimerange", false,
                                        "ignoreValidations", false)),
                                "panelsJSON",
                                Json.line(controls)),
                        "kibanaSavedObjectMeta",
                        object("searchSourceJSON", source)),
                "references",
                all,
                "coreMigrationVersion",
                SavedObjects.CORE_VERSION,
                "typeMigrationVersion",
                SavedObjects.DASHBOARD_VERSION,
                "managed",
                false);
    }

    private static void control(
            Map<String, Object> controls,
            List<Map<String, Object>> references,
            String name,
            String label,
            String field) {
        controls.put(
                name,
                object(
                        "type",
                        "optionsListControl",
                        "order",
                        controls.size(),
                        "grow",
                        true,
                        "width",
                        "medium",
                        "explicitInput",
                        object(
                                "id",
                                name,
                                "dataViewId",
                                DataView.METRICS.id(),
                                "fieldName",
                                field,
                                "title",
                                label,
                                "selectedOptions",
                                List.of(),
                                "enhancements",
                                object())));
        references.add(DataView.METRICS.reference("controlGroup_" + name + ":optionsListDataView"));
    }
}

package io.poolscope.dashboards.kibana;

import static io.poolscope.dashboards.Json.object;

import io.poolscope.dashboards.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A saved search: documents themselves, the newest first, in Discover and in a panel as wide as the dashboard. Immutable. */
final class Search {
    private static final String SOURCE = "kibanaSavedObjectMeta.searchSourceJSON.index";
    private static final int HEIGHT = 14;

    private final String id;
    private final String title;
    private final String says;
    private final DataView view;
    private final String kql;
    private final List<String> columns;

    Search(String id, String title, String says, DataView view, String kql, String... columns) {
        this.id = id;
        this.title = title;
        this.says = says;
        this.view = view;
        this.kql = kql;
        this.columns = List.of(columns);
    }

    int height() {
        return HEIGHT;
    }

    /** References of the panel of this name, as its dashboard lists them. */
    List<Map<String, Object>> references(String panel) {
        return List.of(object("id", id, "name", panel + ":panel_" + panel, "type", "search"));
    }

    Map<String, Object> panel(String panel, int width, int y) {
        return object(
                "type",
                "search",
                "version",
                SavedObjects.DASHBOARD_VERSION,
                "panelIndex",
                panel,
                "title",
                title,
                "gridData",
                object("x", 0, "y", y, "w", width, "h", HEIGHT, "i", panel),
                "panelRefName",
                "panel_" + panel,
                "embeddableConfig",
                object("description", says, "enhancements", object()));
    }

    /** The saved object. */
    Map<String, Object> json() {
        String source = Json.line(object(
                "indexRefName",
                SOURCE,
                "query",
                object("language", "kuery", "query", kql),
                "filter",
                List.of(),
                "highlightAll",
                true,
                "version",
                true));
        return object(
                "id",
                id,
                "type",
                "search",
                "attributes",
                object(
                        "title",
                        "Poolscope: " + title.toLowerCase(Locale.ROOT),
                        "description",
                        says,
                        "columns",
                        columns,
                        "sort",
                        List.of(List.of(DataView.TIME, "desc")),
                        "grid",
                        object(),
                        "hideChart",
                        false,
                        "isTextBasedQuery",
                        false,
                        "timeRestore",
                        false,
                        "kibanaSavedObjectMeta",
                        object("searchSourceJSON", source)),
                "references",
                List.of(view.reference(SOURCE)),
                "coreMigrationVersion",
                SavedObjects.CORE_VERSION,
                "typeMigrationVersion",
                SavedObjects.SEARCH_VERSION,
                "managed",
                false);
    }
}

package io.poolscope.dashboards.grafana;

import static io.poolscope.dashboards.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A dashboard: variables, links, and rows of panels that flow from left to right. */
final class Dashboard {
    private static final int COLUMNS = 24;
    /** Of the classic model: newer Grafanas migrate it, and it is the oldest that has all of what is used here. */
    private static final int SCHEMA = 39;

    private final String uid;
    private final String title;
    private final String description;
    private final List<Object> variables = new ArrayList<>();
    private final List<Object> links = new ArrayList<>();
    private final List<Object> panels = new ArrayList<>();
    private int y;

    Dashboard(String uid, String title, String description) {
        this.uid = uid;
        this.title = title;
        this.description = description;
        variables.add(object(
                "name", "datasource",
                "label", "Prometheus",
                "type", "datasource",
                "query", "prometheus",
                "hide", 0,
                "refresh", 1));
    }

    /** A variable that takes its values from a label; all of them are chosen to begin with. */
    Dashboard variable(String name, String label, String query) {
        variables.add(object(
                "name",
                name,
                "label",
                label,
                "type",
                "query",
                "datasource",
                Query.DATASOURCE,
                "query",
                object("query", query, "refId", name),
                "refresh",
                2,
                "sort",
                1,
                "multi",
                true,
                "includeAll",
                true,
                // Everything, and what has no such label as well: with poolscope.routes=off there are no addresses.
                "allValue",
                ".*",
                "current",
                object("selected", true, "text", List.of("All"), "value", List.of("$__all"))));
        return this;
    }

    /** Leads there with what is chosen here: the same Prometheus, the same service. */
    Dashboard link(String text, String url, String tooltip) {
        links.add(object(
                "type",
                "link",
                "title",
                text,
                "url",
                url,
                "tooltip",
                tooltip,
                "icon",
                "dashboard",
                "tags",
                List.of(),
                "asDropdown",
                false,
                "includeVars",
                true,
                "keepTime",
                true,
                "targetBlank",
                false));
        return this;
    }

    Dashboard row(String name, Panel... flowing) {
        panels.add(object(
                "id",
                panels.size() + 1,
                "type",
                "row",
                "title",
                name,
                "collapsed",
                false,
                "gridPos",
                object("h", 1, "w", COLUMNS, "x", 0, "y", y),
                "panels",
                List.of()));
        y++;
        int x = 0;
        int height = 0;
        for (Panel panel : flowing) {
            if (x + panel.width() > COLUMNS) {
                x = 0;
                y += height;
                height = 0;
            }
            panels.add(panel.json(panels.size() + 1, x, y));
            x += panel.width();
            height = Math.max(height, panel.height());
        }
        y += height;
        return this;
    }

    Map<String, Object> json() {
        return object(
                "uid",
                uid,
                "title",
                title,
                "description",
                description,
                "tags",
                List.of("poolscope", "java", "http-client"),
                "schemaVersion",
                SCHEMA,
                "version",
                1,
                "editable",
                true,
                "graphTooltip",
                1,
                "time",
                object("from", "now-1h", "to", "now"),
                "refresh",
                "30s",
                "timezone",
                "browser",
                "annotations",
                object("list", List.of()),
                "links",
                links,
                "templating",
                object("list", variables),
                "panels",
                panels);
    }
}

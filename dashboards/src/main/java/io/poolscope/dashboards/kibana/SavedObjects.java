package io.poolscope.dashboards.kibana;

import io.poolscope.dashboards.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of {@code dashboards/kibana}: saved objects to import, one on a line. They carry the versions of the oldest Kibana
 * that has all of what is used, 8.9; newer ones migrate them. Stateless.
 */
public final class SavedObjects {
    static final String CORE_VERSION = "8.8.0";
    static final String DASHBOARD_VERSION = "8.9.0";
    static final String SEARCH_VERSION = "8.0.0";

    private SavedObjects() {}

    /** What is in them, by name. */
    public static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("poolscope.ndjson", lines(PoolsBoard.board()));
        files.put("poolscope-durations.ndjson", lines(DurationsBoard.board()));
        return files;
    }

    private static String lines(Board board) {
        StringBuilder lines = new StringBuilder();
        for (DataView view : DataView.values()) {
            lines.append(Json.line(view.json())).append('\n');
        }
        for (Search search : board.searches()) {
            lines.append(Json.line(search.json())).append('\n');
        }
        return lines.append(Json.line(board.json())).append('\n').toString();
    }
}

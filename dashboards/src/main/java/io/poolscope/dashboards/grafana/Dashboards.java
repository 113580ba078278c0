package io.poolscope.dashboards.grafana;

import io.poolscope.dashboards.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of {@code dashboards/grafana}. Stateless. */
public final class Dashboards {
    private Dashboards() {}

    /** What is in them, by name. */
    public static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("poolscope-overview.json", Json.pretty(OverviewDashboard.json()));
        files.put("poolscope-pools.json", Json.pretty(PoolsDashboard.json()));
        return files;
    }
}

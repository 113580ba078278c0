/**
 * Writes the dashboards that are imported: {@code dashboards/grafana/*.json} and {@code dashboards/kibana/*.ndjson}. What a panel
 * asks and how it is drawn is said here once, in a few lines; the files are what is committed and used.
 */
package io.poolscope.dashboards;

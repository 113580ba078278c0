/** The dashboards for Grafana, over Prometheus. */
package io.poolscope.dashboards.grafana;

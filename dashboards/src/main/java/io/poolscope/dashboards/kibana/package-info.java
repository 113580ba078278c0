/** The dashboards for Kibana, over what the Collector's elasticsearch exporter writes (mapping mode otel). */
package io.poolscope.dashboards.kibana;

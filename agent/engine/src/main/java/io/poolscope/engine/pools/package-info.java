/** What there is to export: pools by name, within bounds, and what call sites did to them. */
package io.poolscope.engine.pools;

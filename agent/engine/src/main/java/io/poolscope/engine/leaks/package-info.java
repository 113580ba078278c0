/** What goes wrong with pools, found out on the engine's thread, and told with what it costs and how to mend it. */
package io.poolscope.engine.leaks;

/** What a person reads, and what is told to those who export. */
package io.poolscope.engine.report;

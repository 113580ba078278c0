/**
 * The port that this agent serves: who may ask, how much of the process that may take, and what every answer says to a
 * browser.
 *
 * <pre>
 *   HttpListener (sockets, deadlines) --> Gate (who may ask for what) --> MetricsEndpoint   /metrics
 *                                                                     \--> Page             /, /api/v1/...
 * </pre>
 *
 * <p>It is a server of our own, of one thread that reads and writes and two that make answers, because that of the JDK is
 * not in every run-time image, starts the process's logging, and lets who is slow keep its threads.
 */
package io.poolscope.engine.http;

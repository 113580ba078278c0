/**
 * The harness: starts the {@linkplain com.acme.measured programs} with no agent, with an empty one, with ours and with
 * OpenTelemetry's, in turn, and holds what they cost against the budgets.
 */
package io.poolscope.benchmarks;

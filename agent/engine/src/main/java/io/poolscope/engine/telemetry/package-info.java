/**
 * What leaves this process for machines: metrics, spans, log records, and the receivers they go to.
 *
 * <pre>
 *   Inventory, Route, Wait, Lease --(when a reader collects)--> PoolMetricProducer --> MetricsEndpoint    /metrics
 *                                                                                 \--> DeltaConverting --> OTLP
 *   Event, leaked lease --> Spans, Exemplars                                           Delivery watches what arrives
 *   Report --> Records
 * </pre>
 *
 * <p>{@link io.poolscope.engine.telemetry.Telemetry#start} is the way in, {@link io.poolscope.engine.telemetry.Names} has
 * every name. The SDK is behind both: its public interfaces only, but for what a failed export says of its cause.
 */
package io.poolscope.engine.telemetry;

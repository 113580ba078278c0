package io.poolscope.engine.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.poolscope.engine.report.Report;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Watches whether what is sent arrives: one warning when that stops, one line when all of it arrives again. A receiver that
 * comes and goes is told of once in ten minutes. Thread-safe.
 */
final class Delivery {

    private static final long QUIET = TimeUnit.MINUTES.toNanos(10);

    private final BiConsumer<Report.Severity, String> say;
    private final Set<String> failing = new HashSet<>();
    private long warned = System.nanoTime() - QUIET;
    private boolean told;
    private boolean stopped;

    /** Watches; {@code say} gets the lines. */
    Delivery(BiConsumer<Report.Severity, String> say) {
        this.say = say;
    }

    /** From here on nothing is said: what is cut off at the end of the process is no news. */
    synchronized void stop() {
        stopped = true;
    }

    private CompletableResultCode watch(String signal, String endpoint, CompletableResultCode result) {
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                arrived(signal);
            } else {
                failed(signal, endpoint, result.getFailureThrowable());
            }
        });
        return result;
    }

    private synchronized void failed(String signal, String endpoint, Throwable failure) {
        boolean first = failing.isEmpty();
        failing.add(signal);
        if (first && !stopped && System.nanoTime() - warned >= QUIET) {
            warned = System.nanoTime();
            told = true;
            say.accept(
                    Report.Severity.WARN,
                    signal + " do not arrive at " + endpoint + ": " + cause(failure)
                            + "; tried again quietly, and said when it works");
        }
    }

    private synchronized void arrived(String signal) {
        if (failing.remove(signal) && failing.isEmpty() && told && !stopped) {
            told = false;
            say.accept(Report.Severity.INFO, signal + " arrive again");
        }
    }

    private static String cause(Throwable failure) {
        if (failure instanceof HttpExportException && ((HttpExportException) failure).getResponse() != null) {
            return "HTTP status "
                    + ((HttpExportException) failure).getResponse().getStatusCode();
        }
        if (failure instanceof GrpcExportException && ((GrpcExportException) failure).getResponse() != null) {
            return "gRPC status "
                    + ((GrpcExportException) failure).getResponse().getStatusCode();
        }
        Throwable root = failure;
        while (root != null && root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root == null) {
            return "unknown why";
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /** The same exporter, watched. */
    MetricExporter watch(MetricExporter exporter, String endpoint) {
        return new MetricExporter() {
            @Override
            public CompletableResultCode export(Collection<MetricData> metrics) {
                return watch("metrics", endpoint, exporter.export(metrics));
            }

            @Override
            public CompletableResultCode flush() {
                return exporter.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return exporter.shutdown();
            }

            @Override
            public AggregationTemporality getAggregationTemporality(InstrumentType type) {
                return exporter.getAggregationTemporality(type);
            }

            @Override
            public Aggregation getDefaultAggregation(InstrumentType type) {
                return exporter.getDefaultAggregation(type);
            }

            @Override
            public MemoryMode getMemoryMode() {
                return exporter.getMemoryMode();
            }

            @Override
            public String toString() {
                return exporter.toString();
            }
        };
    }

    /** The same exporter, watched. */
    SpanExporter watch(SpanExporter exporter, String endpoint) {
        return new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return watch("traces", endpoint, exporter.export(spans));
            }

            @Override
            public CompletableResultCode flush() {
                return exporter.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return exporter.shutdown();
            }

            @Override
            public String toString() {
                return exporter.toString();
            }
        };
    }

    /** The same exporter, watched. */
    LogRecordExporter watch(LogRecordExporter exporter, String endpoint) {
        return new LogRecordExporter() {
            @Override
            public CompletableResultCode export(Collection<LogRecordData> logs) {
                return watch("logs", endpoint, exporter.export(logs));
            }

            @Override
            public CompletableResultCode flush() {
                return exporter.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return exporter.shutdown();
            }

            @Override
            public String toString() {
                return exporter.toString();
            }
        };
    }
}

package io.poolscope.engine.telemetry;

import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.poolscope.engine.http.Answer;
import io.poolscope.engine.http.Handler;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Serves the metrics as Prometheus and OpenMetrics text. Thread-safe. */
final class MetricsEndpoint implements Handler {

    private static final int PATIENCE_SECONDS = 5;

    // Built by hand: what chooses between them reads the application's io.prometheus.* properties, and throws at an
    // unknown one.
    private static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();
    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

    private final PrometheusMetricReader reader;
    private final CountDownLatch ready = new CountDownLatch(1);

    /**
     * An endpoint.
     *
     * @param scope whether every series says its scope, as OpenTelemetry's own exporter has it
     */
    MetricsEndpoint(boolean scope) {
        this.reader = PrometheusMetricReader.builder()
                .setOtelScopeLabelsEnabled(scope)
                .build();
    }

    /** What has to be registered with the SDK. */
    MetricReader reader() {
        return reader;
    }

    @Override
    public Answer answer(String path, UnaryOperator<String> header) {
        return isReady() ? metrics(header) : Answer.text(503, "still starting");
    }

    /** From now on there are metrics; before, requests wait for them, for some seconds at most. */
    void ready() {
        ready.countDown();
    }

    private boolean isReady() {
        try {
            return ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Answer metrics(UnaryOperator<String> header) {
        String accept = header.apply("Accept");
        ExpositionFormatWriter writer = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : TEXT;
        String accepted = header.apply("Accept-Encoding");
        boolean gzip = accepted != null && accepted.contains("gzip");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes) {
            writer.write(out, reader.collect());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Answer answer = Answer.of(200, writer.getContentType(), bytes.toByteArray());
        return gzip ? answer.with("Content-Encoding", "gzip") : answer;
    }
}

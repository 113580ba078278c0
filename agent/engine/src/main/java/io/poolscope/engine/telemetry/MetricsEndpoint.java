package io.poolscope.engine.telemetry;

import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * Serves the metrics as Prometheus and OpenMetrics text at {@code /metrics}, and a pointer to it at {@code /}.
 *
 * <p>A web page that a developer visits could read what is served on the loopback interface by having its own name resolve
 * to 127.0.0.1 (DNS rebinding); its requests then carry that name, so that only those to an address or to {@code localhost}
 * are answered. Thread-safe.
 */
final class MetricsEndpoint implements HttpListener.Handler {

    static final String PATH = "/metrics";

    private static final int PATIENCE_SECONDS = 5;

    /** Names of the machine as its containers know it; they are reserved, so no web site can have them. */
    private static final List<String> FROM_CONTAINERS =
            Arrays.asList("host.docker.internal", "host.containers.internal");

    // Built by hand: what chooses between them reads the application's io.prometheus.* properties, and throws at an
    // unknown
    // one.
    private static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();
    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

    private final boolean pointer;
    private final boolean local;
    private final PrometheusMetricReader reader;
    private final CountDownLatch ready = new CountDownLatch(1);

    /**
     * An endpoint.
     *
     * @param pointer whether {@code /} is answered
     * @param local whether only requests that name this machine are answered
     * @param scope whether every series says its scope, as OpenTelemetry's own exporter has it
     */
    MetricsEndpoint(boolean pointer, boolean local, boolean scope) {
        this.pointer = pointer;
        this.local = local;
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
        if (local && !namesThisMachine(header.apply("Host"))) {
            return Answer.text(403, "ask for 127.0.0.1 or localhost (or set poolscope.host)");
        }
        if (path.equals(PATH)) {
            return isReady() ? metrics(header) : Answer.text(503, "still starting");
        }
        if (pointer && path.equals("/")) {
            return Answer.text(200, "Poolscope: the metrics are at " + PATH);
        }
        return Answer.text(404, "there is only " + PATH);
    }

    /** Whether a Host header is localhost or an address in digits, which no name server can point anywhere. */
    static boolean namesThisMachine(String host) {
        if (host == null) {
            return false;
        }
        if (host.startsWith("[")) {
            return true;
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return name.equals("localhost") || FROM_CONTAINERS.contains(name) || isDigits(name);
    }

    private static boolean isDigits(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
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
        return new Answer(200, writer.getContentType(), gzip ? "gzip" : null, bytes.toByteArray());
    }
}

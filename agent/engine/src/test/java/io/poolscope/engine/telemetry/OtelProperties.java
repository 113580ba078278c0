package io.poolscope.engine.telemetry;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Takes away the {@code otel.*} properties that a test has set. */
final class OtelProperties implements AfterEachCallback {

    static void set(String key, String value) {
        System.setProperty(key, value);
    }

    /** Everything goes there, and metrics only when they are asked for. */
    static void sendTo(OtlpSink sink) {
        set("otel.exporter.otlp.endpoint", sink.endpoint());
        set("otel.metric.export.interval", "3600000");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("otel."));
    }
}

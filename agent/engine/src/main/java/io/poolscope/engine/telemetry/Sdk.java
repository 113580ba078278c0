package io.poolscope.engine.telemetry;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.poolscope.engine.report.Report;
import java.util.List;
import java.util.function.BiConsumer;

/** Builds the SDK: by the specification's variables, with our producer as the only source of metrics. */
final class Sdk {

    private Sdk() {}

    /**
     * Builds it. A configuration that it does not accept, which may be meant for another agent, leaves the readers.
     *
     * @param readers read locally, whatever is configured
     */
    static OpenTelemetrySdk build(
            Destinations destinations,
            MetricProducer producer,
            List<MetricReader> readers,
            Delivery delivery,
            String version,
            BiConsumer<Report.Severity, String> say) {
        try {
            return configured(destinations, producer, readers, delivery, version);
        } catch (ConfigurationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            say.accept(
                    Report.Severity.ERROR,
                    "nothing is sent by OTLP, the configuration is not understood: " + cause.getMessage());
            SdkMeterProvider meters = meters(SdkMeterProvider.builder(), producer, readers)
                    .setResource(Identity.complete(Resource.getDefault(), version))
                    .build();
            return OpenTelemetrySdk.builder().setMeterProvider(meters).build();
        }
    }

    private static OpenTelemetrySdk configured(
            Destinations destinations,
            MetricProducer producer,
            List<MetricReader> readers,
            Delivery delivery,
            String version) {
        AutoConfiguredOpenTelemetrySdkBuilder builder = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .setServiceClassLoader(Sdk.class.getClassLoader())
                .addPropertiesSupplier(destinations::defaults)
                .addPropertiesCustomizer(properties -> destinations.overrides())
                .addResourceCustomizer((found, properties) -> Identity.complete(found, version))
                .addMeterProviderCustomizer((meters, properties) -> meters(meters, producer, readers))
                .addMetricExporterCustomizer((exporter, properties) ->
                        DeltaConverting.before(delivery.watch(exporter, endpoint("metrics", properties))))
                .addSpanExporterCustomizer(
                        (exporter, properties) -> delivery.watch(exporter, endpoint("traces", properties)))
                .addLogRecordExporterCustomizer(
                        (exporter, properties) -> delivery.watch(exporter, endpoint("logs", properties)));
        return builder.build().getOpenTelemetrySdk();
    }

    private static SdkMeterProviderBuilder meters(
            SdkMeterProviderBuilder meters, MetricProducer producer, List<MetricReader> readers) {
        for (MetricReader reader : readers) {
            meters.registerMetricReader(reader);
        }
        // What the SDK counts of itself is in no contract of ours.
        return meters.registerMetricProducer(producer)
                .registerView(
                        InstrumentSelector.builder().setName("*").build(),
                        View.builder().setAggregation(Aggregation.drop()).build());
    }

    /** Where a signal is sent, as the user has written it. */
    private static String endpoint(String signal, ConfigProperties properties) {
        String own = properties.getString("otel.exporter.otlp." + signal + ".endpoint");
        String all = properties.getString("otel.exporter.otlp.endpoint");
        return own != null ? own : all != null ? all : "the default endpoint on localhost";
    }
}

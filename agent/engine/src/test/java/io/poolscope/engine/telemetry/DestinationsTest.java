package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.start.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which variables send what where. */
class DestinationsTest {

    private static Destinations of(String arguments, Map<String, String> otel) {
        return new Destinations(Settings.of(arguments, Map.of(), Map.of()), otel::get);
    }

    private static String sends(Destinations destinations) {
        return (destinations.sends("metrics") ? "m" : "")
                + (destinations.sends("traces") ? "t" : "")
                + (destinations.sends("logs") ? "l" : "")
                + (destinations.prometheus() ? "p" : "");
    }

    @Test
    void nothingConfiguredMeansNothingIsSent() {
        assertThat(sends(of("", Map.of()))).isEmpty();
        assertThat(sends(of("", Map.of("otel.service.name", "shop")))).isEmpty();
    }

    @Test
    void anEndpointMeansOtlpForAllSignals() {
        assertThat(sends(of("", Map.of("otel.exporter.otlp.endpoint", "http://collector:4318"))))
                .isEqualTo("mtl");
        assertThat(sends(of("", Map.of("otel.exporter.otlp.metrics.endpoint", "http://collector:4318"))))
                .isEqualTo("mtl");
    }

    @Test
    void anExporterIsTheSpecificationsForItsSignalAndItsDefaultForTheOthers() {
        Map<String, String> none = Map.of("otel.traces.exporter", "none", "otel.logs.exporter", "none");
        assertThat(sends(of("", none))).isEqualTo("m");
        Map<String, String> scraped = Map.of(
                "otel.metrics.exporter", "prometheus", "otel.traces.exporter", "none", "otel.logs.exporter", "none");
        assertThat(sends(of("", scraped))).isEqualTo("p");
        assertThat(sends(of("", Map.of("otel.metrics.exporter", " otlp , Prometheus"))))
                .isEqualTo("mtlp");
    }

    @Test
    void ourSettingsWinBecauseTheVariablesMayBeMeantForAnotherAgent() {
        Map<String, String> theirs = Map.of("otel.exporter.otlp.endpoint", "http://collector:4318");
        assertThat(sends(of("metrics.exporter=none;traces.exporter=none;logs.exporter=none", theirs)))
                .isEmpty();
        assertThat(sends(of("metrics.exporter=otlp", Map.of()))).isEqualTo("m");
        assertThat(sends(of("traces.exporter=none", theirs))).isEqualTo("ml");
    }

    @Test
    void aDisabledSdkSendsNothing() {
        Map<String, String> theirs =
                Map.of("otel.sdk.disabled", "true", "otel.exporter.otlp.endpoint", "http://collector:4318");
        assertThat(sends(of("", theirs))).isEmpty();
        assertThat(sends(of("metrics.exporter=otlp", theirs))).isEqualTo("m");
    }

    @Test
    void whatThisAgentDoesNotBringAlongIsLeftOutAndSaid() {
        Destinations destinations = of(
                "",
                Map.of(
                        "otel.metrics.exporter", "console,otlp",
                        "otel.traces.exporter", "zipkin",
                        "otel.traces.sampler", "jaeger_remote",
                        "otel.propagators", "b3"));

        assertThat(sends(destinations)).isEqualTo("ml");
        assertThat(destinations.overrides())
                .containsEntry("otel.traces.sampler", "parentbased_always_on")
                .containsEntry("otel.propagators", "none");
        assertThat(destinations.warnings())
                .containsExactly(
                        "the metrics exporter console is not part of this agent (otlp, none, prometheus)",
                        "the traces exporter zipkin is not part of this agent (otlp, none)",
                        "the sampler jaeger_remote is not part of this agent: parentbased_always_on is used");
    }
}

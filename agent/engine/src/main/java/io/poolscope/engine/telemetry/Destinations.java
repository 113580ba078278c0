package io.poolscope.engine.telemetry;

import io.poolscope.engine.start.Setting;
import io.poolscope.engine.start.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where each signal goes, by {@code poolscope.*} settings first, then by the specification's variables.
 *
 * <p>As long as no exporter and no OTLP endpoint is named, nothing is sent anywhere: the specification's default would try
 * localhost for ever. As soon as one is, the specification holds to the letter, for all signals. {@code OTEL_SDK_DISABLED}
 * stops all that is sent, but not our own page. What this agent cannot do (an exporter, a sampler or a propagator that it
 * does not bring along, and that may be meant for another agent in this JVM) is left out, and said. Immutable.
 */
final class Destinations {

    private static final String OTLP = "otlp";
    private static final String NONE = "none";
    private static final String PROMETHEUS = "prometheus";

    private static final List<String> SAMPLERS = Arrays.asList(
            "always_on",
            "always_off",
            "traceidratio",
            "parentbased_always_on",
            "parentbased_always_off",
            "parentbased_traceidratio");

    private final Map<String, String> overrides = new HashMap<>();
    private final Map<String, String> defaults = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final boolean prometheus;
    private final String prometheusHost;
    private final String prometheusPort;

    /**
     * Decides.
     *
     * @param environment finds the value of a property such as {@code otel.exporter.otlp.endpoint}, null if it is not set
     */
    Destinations(Settings settings, UnaryOperator<String> environment) {
        Set<String> metrics = exporters("metrics", Setting.METRICS_EXPORTER, settings, environment);
        prometheus = metrics.remove(PROMETHEUS);
        override("metrics", metrics);
        override("traces", exporters("traces", Setting.TRACES_EXPORTER, settings, environment));
        override("logs", exporters("logs", Setting.LOGS_EXPORTER, settings, environment));
        prometheusHost = or(environment.apply("otel.exporter.prometheus.host"), "0.0.0.0");
        prometheusPort = or(environment.apply("otel.exporter.prometheus.port"), "9464");

        overrides.put("otel.sdk.disabled", "false");
        overrides.put("otel.propagators", NONE); // nothing is injected anywhere
        String sampler = environment.apply("otel.traces.sampler");
        if (sampler != null && !SAMPLERS.contains(sampler)) {
            overrides.put("otel.traces.sampler", "parentbased_always_on");
            warnings.add("the sampler " + sampler + " is not part of this agent: parentbased_always_on is used");
        }
        // The specification's default; that of the SDK is gRPC.
        defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
        if (settings.choice(Setting.BACKEND).equals("elastic")) {
            defaults.put("otel.exporter.otlp.metrics.temporality.preference", "delta");
        }
    }

    /** The value of a property as the SDK finds it: a system property, or else an environment variable. */
    static String fromProcess(String name) {
        String property = System.getProperty(name);
        return property != null
                ? property
                : System.getenv(name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }

    private Set<String> exporters(
            String signal, Setting setting, Settings settings, UnaryOperator<String> environment) {
        String value = null;
        if (settings.isSet(setting)) {
            value = settings.text(setting);
        } else if (isSpecified(environment) && !"true".equalsIgnoreCase(environment.apply("otel.sdk.disabled"))) {
            value = or(environment.apply("otel." + signal + ".exporter"), OTLP);
        }
        Set<String> exporters = new LinkedHashSet<>();
        for (String element : (value == null ? NONE : value).split(",")) {
            String exporter = element.trim().toLowerCase(Locale.ROOT);
            if (exporter.equals(OTLP) || (exporter.equals(PROMETHEUS) && signal.equals("metrics"))) {
                exporters.add(exporter);
            } else if (!exporter.isEmpty() && !exporter.equals(NONE)) {
                warnings.add("the " + signal + " exporter " + exporter + " is not part of this agent (otlp, none"
                        + (signal.equals("metrics") ? ", prometheus)" : ")"));
            }
        }
        return exporters;
    }

    private static boolean isSpecified(UnaryOperator<String> environment) {
        for (String signal : new String[] {"metrics", "traces", "logs"}) {
            if (environment.apply("otel." + signal + ".exporter") != null
                    || environment.apply("otel.exporter.otlp." + signal + ".endpoint") != null) {
                return true;
            }
        }
        return environment.apply("otel.exporter.otlp.endpoint") != null;
    }

    private void override(String signal, Set<String> exporters) {
        overrides.put("otel." + signal + ".exporter", exporters.isEmpty() ? NONE : String.join(",", exporters));
    }

    private static String or(String value, String otherwise) {
        return value == null || value.trim().isEmpty() ? otherwise : value.trim();
    }

    /** Whether this signal ({@code metrics}, {@code traces}, {@code logs}) is sent anywhere. */
    boolean sends(String signal) {
        return !overrides.get("otel." + signal + ".exporter").equals(NONE);
    }

    /** Whether anything is sent anywhere. */
    boolean sends() {
        return sends("metrics") || sends("traces") || sends("logs");
    }

    /** Whether the specification's Prometheus exporter is asked for, beside our own page. */
    boolean prometheus() {
        return prometheus;
    }

    /** Where that one listens. */
    String prometheusHost() {
        return prometheusHost;
    }

    /** Its port, as it was written. */
    String prometheusPort() {
        return prometheusPort;
    }

    /** What wins over all other properties of the SDK. */
    Map<String, String> overrides() {
        return overrides;
    }

    /** What all other properties of the SDK win over. */
    Map<String, String> defaults() {
        return defaults;
    }

    /** What could not be done as it was asked for, a line for each. */
    List<String> warnings() {
        return warnings;
    }
}

package io.poolscope.engine.start;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Every key that a user can set: its name, default, what is accepted, and what it means in a sentence. Documentation is
 * made from this table.
 *
 * <p>It is read before the application's {@code main}, so it uses neither regular expressions nor lambdas, whose first use
 * in a JVM costs tens of milliseconds.
 */
public enum Setting {
    ENABLED("enabled", Kind.SWITCH, "true", "Whether the agent does anything at all."),
    LEAKS(
            "leaks",
            Kind.CHOICE,
            "adaptive",
            "How closely leaks are watched: count finds them without their line, adaptive takes the line of a sample and of"
                    + " every lease once a route is in trouble, always of every lease.",
            "off",
            "count",
            "adaptive",
            "always"),
    LEAKS_SUSPECTED_AFTER(
            "leaks.suspected.after",
            Kind.DURATION,
            "60s",
            "A response that the application has held for so long without reading is suspected of being leaked."),
    EXHAUSTED_AFTER(
            "exhausted.after",
            Kind.DURATION,
            "5s",
            "A request that has waited for a connection for so long means that the pool is exhausted."),
    REPORT_WINDOW(
            "report.window",
            Kind.DURATION,
            "60s",
            "One call site is reported at most once in this time, with a count."),
    REPORT_LIMIT("report.limit", Kind.NUMBER, "10", "So many reports are written in a minute; the rest is counted."),
    STACKTRACE_DEPTH("stacktrace.depth", Kind.NUMBER, "2", "So many frames of the application are shown in a report."),
    CALLSITE_SKIP(
            "callsite.skip",
            Kind.LIST,
            "",
            "Prefixes of packages that are not the application, such as a company's own HTTP layer: call sites are looked"
                    + " for above them."),
    LOG("log", Kind.CHOICE, "text", "How reports are written to stderr.", "text", "json", "off"),
    HOST("host", Kind.TEXT, "127.0.0.1", "The address on which metrics and the page are served."),
    PORT(
            "port",
            Kind.PORT,
            "7665",
            "The port on which metrics and the page are served; 0 takes any that is free. The default gives way to the next"
                    + " free one of ten, a port that was set does not."),
    PAGE(
            "page",
            Kind.SWITCH,
            "true",
            "Whether the live page is served beside the metrics: on the loopback interface, elsewhere only with a token."),
    PAGE_TOKEN(
            "page.token",
            Kind.TEXT,
            "",
            "What who asks for the page has to give as a password, at least 16 characters; without one the page is served on"
                    + " the loopback interface only."),
    ROUTES("routes", Kind.CHOICE, "full", "Whether hosts and ports are told in any output.", "full", "off"),
    MAX_POOLS("max.pools", Kind.NUMBER, "50", "So many pools are told apart; the rest is one, named _OTHER."),
    MAX_ROUTES("max.routes", Kind.NUMBER, "30", "So many pairs of pool and route are told apart; the rest is _OTHER."),
    MAX_CALLSITES(
            "max.callsites",
            Kind.NUMBER,
            "100",
            "So many pairs of call site and route are told apart; the rest is _OTHER."),
    SPANS(
            "spans",
            Kind.LIST,
            "wait,leak",
            "Which spans are made: of long waits, of leaks, of the opening of connections.",
            "wait",
            "leak",
            "setup",
            "off"),
    SPANS_LIMIT(
            "spans.limit",
            Kind.NUMBER,
            "50",
            "So many spans are made in a second; the last fifth of them is for leaks."),
    BACKEND(
            "backend",
            Kind.CHOICE,
            "prometheus",
            "Who receives the metrics: elastic makes counters and histograms delta.",
            "prometheus",
            "elastic"),
    METRICS_EXPORTER("metrics.exporter", Kind.TEXT, "", "As OTEL_METRICS_EXPORTER, for this agent only."),
    TRACES_EXPORTER("traces.exporter", Kind.TEXT, "", "As OTEL_TRACES_EXPORTER, for this agent only."),
    LOGS_EXPORTER("logs.exporter", Kind.TEXT, "", "As OTEL_LOGS_EXPORTER, for this agent only."),
    INSTRUMENTATION_ENABLED(
            "instrumentation.<client>.enabled",
            Kind.SWITCH,
            "true",
            "Whether this client is watched, for example poolscope.instrumentation.okhttp.enabled."),
    /** For tests: nobody else should need it. */
    RETIRE_AFTER(
            "retire.after",
            Kind.DURATION,
            "5m",
            "How long a pool that is closed keeps its series, so that its last numbers are collected.");

    /** What all names begin with. */
    public static final String PREFIX = "poolscope.";

    /** How a value is written. */
    enum Kind {
        SWITCH,
        CHOICE,
        LIST,
        NUMBER,
        DURATION,
        PORT,
        TEXT
    }

    private static final long DAY = 86_400_000L;

    private final String key;
    private final Kind kind;
    private final String byDefault;
    private final String meaning;
    private final String[] choices;

    Setting(String key, Kind kind, String byDefault, String meaning, String... choices) {
        this.key = PREFIX + key;
        this.kind = kind;
        this.byDefault = byDefault;
        this.meaning = meaning;
        this.choices = kind == Kind.SWITCH ? new String[] {"true", "false"} : choices;
    }

    /** The full name: {@code poolscope.leaks}. */
    public String key() {
        return key;
    }

    /** The value where none is set, as a user would write it. */
    public String byDefault() {
        return byDefault;
    }

    /** What it does, in a sentence. */
    public String meaning() {
        return meaning;
    }

    /** What may be written, in words. */
    public String accepted() {
        switch (kind) {
            case SWITCH:
            case CHOICE:
                return String.join(", ", choices);
            case LIST:
                return choices.length == 0 ? "a list, separated by commas" : "a list of " + String.join(", ", choices);
            case NUMBER:
                return "a whole number from 1 on";
            case DURATION:
                return "500ms, 2s, 5m, 1h, or milliseconds";
            case PORT:
                return "0 to 65535, or off";
            default:
                return "any text";
        }
    }

    boolean isList() {
        return kind == Kind.LIST;
    }

    /** Whether a value, already trimmed, can be used. */
    boolean accepts(String value) {
        switch (kind) {
            case SWITCH:
            case CHOICE:
                return isChoice(value);
            case LIST:
                for (String element : list(value)) {
                    if (choices.length > 0 && !isChoice(element)) {
                        return false;
                    }
                }
                return true;
            case NUMBER:
                return number(value) > 0;
            case DURATION:
                return millis(value) > 0;
            case PORT:
                return isOff(value) || (number(value) >= 0 && number(value) <= 65535);
            default:
                return true;
        }
    }

    private boolean isChoice(String value) {
        return Arrays.asList(choices).contains(value.toLowerCase(Locale.ROOT));
    }

    static boolean isOff(String value) {
        return value.equalsIgnoreCase("off");
    }

    /** The elements between commas, trimmed, without empty ones. */
    static List<String> list(String value) {
        if (value.isEmpty()) {
            return Collections.emptyList();
        }
        String[] elements = value.split(",");
        int size = 0;
        for (String element : elements) {
            String trimmed = element.trim();
            if (!trimmed.isEmpty()) {
                elements[size++] = trimmed;
            }
        }
        return Collections.unmodifiableList(Arrays.asList(elements).subList(0, size));
    }

    /** A whole number that is not negative, or -1 if it is not one. */
    static int number(String value) {
        try {
            int number = Integer.parseInt(value);
            return number < 0 ? -1 : number;
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    /** A duration in milliseconds, up to a year, or -1 if it is not one. */
    static long millis(String value) {
        int digits = 0;
        while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
            digits++;
        }
        int number = number(value.substring(0, digits));
        long unit = unit(value.substring(digits).trim().toLowerCase(Locale.ROOT));
        if (number < 0 || unit < 0) {
            return -1;
        }
        long millis = number * unit;
        return millis <= 365 * DAY ? millis : -1;
    }

    private static long unit(String suffix) {
        switch (suffix) {
            case "":
            case "ms":
                return 1;
            case "s":
                return 1_000;
            case "m":
                return 60_000;
            case "h":
                return 3_600_000;
            default:
                return -1;
        }
    }
}

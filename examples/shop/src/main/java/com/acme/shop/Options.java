package com.acme.shop;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** What the command line asked for. */
final class Options {
    static final String HELP = String.join(
            System.lineSeparator(),
            "usage: java -jar shop.jar [--seconds N] [--fixed]",
            "",
            "  --seconds N   close after N seconds (without it: when interrupted)",
            "  --fixed       run with the planted bugs mended",
            "  --help        print this");

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private boolean fixed;
    private boolean help;
    private Duration duration = FOR_EVER;

    private Options() {}

    /** Throws IllegalArgumentException with a line for the user. */
    static Options parse(List<String> arguments) {
        Options options = new Options();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            switch (argument) {
                case "--fixed":
                    options.fixed = true;
                    break;
                case "--help":
                    options.help = true;
                    break;
                case "--seconds":
                    options.duration = seconds(rest.hasNext() ? rest.next() : "");
                    break;
                default:
                    throw new IllegalArgumentException(
                            "there is no option " + argument + " (--seconds N, --fixed, --help)");
            }
        }
        return options;
    }

    private static Duration seconds(String value) {
        if (!value.matches("0*[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException("--seconds wants a whole number from 1 to 9999999, not '" + value + "'");
        }
        return Duration.ofSeconds(Long.parseLong(value));
    }

    boolean fixed() {
        return fixed;
    }

    boolean help() {
        return help;
    }

    Duration duration() {
        return duration;
    }
}

package com.acme.bulk;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** What the command line asked for. */
final class Options {
    static final String HELP = String.join(
            System.lineSeparator(),
            "usage: java -jar bulk.jar [--client NAME] [--fixed] [options]",
            "",
            "  --client NAME         httpclient4, httpclient5 or okhttp (httpclient4)",
            "  --fixed               read the answers",
            "  --documents N         write so many documents (400000)",
            "  --batch N             so many in a request (200)",
            "  --threads N           on so many threads (8)",
            "  --elasticsearch URL   into the index acme-bulk there, instead of an endpoint in this process",
            "  --round-trip MS       the endpoint in this process is so far away (0)",
            "  --hold                when all is written, keep the client open until standard input ends",
            "  --help                print this");

    private Client client = Client.HTTPCLIENT4;
    private boolean fixed;
    private int documents = 400_000;
    private int batch = 200;
    private int threads = 8;
    private URI elasticsearch;
    private Duration roundTrip = Duration.ZERO;
    private boolean hold;
    private boolean help;

    private Options() {}

    /** Throws IllegalArgumentException with a line for the user. */
    static Options parse(List<String> arguments) {
        Options options = new Options();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            options.take(rest.next(), rest);
        }
        if (options.elasticsearch != null && !options.roundTrip.isZero()) {
            throw new IllegalArgumentException("--round-trip is for the endpoint in this process, not --elasticsearch");
        }
        return options;
    }

    private void take(String option, Iterator<String> rest) {
        switch (option) {
            case "--client":
                client = client(option, value(rest));
                break;
            case "--fixed":
                fixed = true;
                break;
            case "--documents":
                documents = number(option, value(rest), 100_000_000);
                break;
            case "--batch":
                batch = number(option, value(rest), 100_000);
                break;
            case "--threads":
                threads = number(option, value(rest), 1_000);
                break;
            case "--elasticsearch":
                elasticsearch = url(option, value(rest));
                break;
            case "--round-trip":
                roundTrip = Duration.ofMillis(number(option, value(rest), 10_000));
                break;
            case "--hold":
                hold = true;
                break;
            case "--help":
                help = true;
                break;
            default:
                throw new IllegalArgumentException("there is no option " + option + " (--help tells which there are)");
        }
    }

    private static String value(Iterator<String> rest) {
        return rest.hasNext() ? rest.next() : "";
    }

    private static Client client(String option, String value) {
        try {
            return Client.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    option + " wants httpclient4, httpclient5 or okhttp, not '" + value + "'", e);
        }
    }

    private static int number(String option, String value, int most) {
        if (value.matches("0*[1-9][0-9]{0,8}") && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new IllegalArgumentException(
                String.format("%s wants a whole number from 1 to %d, not '%s'", option, most, value));
    }

    private static URI url(String option, String value) {
        if (value.matches("https?://[^/?# ]+(/[^?# ]*)?")) {
            URI url = URI.create(value);
            if (url.getHost() != null) {
                return url;
            }
        }
        throw new IllegalArgumentException(option + " wants http://host:port or https://, not '" + value + "'");
    }

    Client client() {
        return client;
    }

    boolean fixed() {
        return fixed;
    }

    int documents() {
        return documents;
    }

    int batch() {
        return batch;
    }

    int threads() {
        return threads;
    }

    /** Null: the endpoint in this process. */
    URI elasticsearch() {
        return elasticsearch;
    }

    Duration roundTrip() {
        return roundTrip;
    }

    boolean hold() {
        return hold;
    }

    boolean help() {
        return help;
    }
}

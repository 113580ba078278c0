package com.acme.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Writes all documents on many threads, and says how it went. */
public final class Bulk {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;
    /** A logger that nobody holds is collected, and its level with it. */
    private static final Logger LIBRARIES = Logger.getLogger("");

    private final Options options;
    private final PrintStream out;

    private Bulk(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        LIBRARIES.setLevel(Level.WARNING);
        Options options;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("bulk: " + e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        if (options.help()) {
            System.out.println(Options.HELP);
            return;
        }
        try {
            new Bulk(options, System.out).run(System.in);
        } catch (IOException e) {
            System.err.println("bulk: " + e);
            System.exit(EXIT_FAILED);
        }
    }

    private void run(InputStream in) throws Exception {
        if (options.elasticsearch() != null) {
            try (Writer writer = open(options.elasticsearch())) {
                writeAll(writer);
                hold(in);
            }
            return;
        }
        try (Endpoint endpoint = new Endpoint(options.roundTrip(), options.threads());
                Writer writer = open(endpoint.url())) {
            writeAll(writer);
            say(
                    "the endpoint got %,d documents in %,d requests on %,d connections",
                    endpoint.documents(), endpoint.requests(), endpoint.connections());
            hold(in);
        }
    }

    private Writer open(URI url) {
        return options.client().open(new Elasticsearch(url), options.threads(), options.fixed());
    }

    private void writeAll(Writer writer) throws IOException, InterruptedException {
        Batches batches = new Batches(options.documents(), options.batch());
        ExecutorService threads = Executors.newFixedThreadPool(options.threads());
        long begin = System.nanoTime();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < options.threads(); thread++) {
                all.add(threads.submit(() -> {
                    for (String batch = batches.take(); batch != null; batch = batches.take()) {
                        writer.write(batch);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException ? (IOException) e.getCause() : new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
        say(
                "%,d documents in %,d requests, %.1f s; in the second half %,.0f documents/s",
                options.documents(), batches.count(), (System.nanoTime() - begin) / 1e9, batches.speed());
    }

    private void hold(InputStream in) throws IOException {
        if (options.hold()) {
            say("done");
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private void say(String format, Object... values) {
        out.println("bulk: " + String.format(format, values));
    }
}

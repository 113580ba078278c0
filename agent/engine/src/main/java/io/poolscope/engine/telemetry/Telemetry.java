package io.poolscope.engine.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.start.Setting;
import io.poolscope.engine.start.Settings;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/**
 * Metrics, spans and log records, and where they go.
 *
 * <p>Nothing of the SDK is loaded before {@link #start}, which leaves the work to a daemon thread of its own. What happens
 * until the SDK is there is kept, up to a bound, and told then. All of it is allowed to fail: the engine goes on, and a line
 * says so. Thread-safe.
 */
public final class Telemetry implements Observer {

    /** So much that happens before the SDK is there is kept. */
    private static final int EARLY = 200;

    /** The banner waits so long for the port. */
    private static final long ADDRESS_SECONDS = 2;

    private final Settings settings;
    private final Inventory inventory;
    private final String version;
    private final BiConsumer<Report.Severity, String> say;
    private final Destinations destinations;
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final CountDownLatch built = new CountDownLatch(1);

    private final Object lock = new Object();
    private final Queue<Runnable> early = new ArrayDeque<>();
    private boolean started;
    private volatile Outputs outputs;
    private volatile OpenTelemetrySdk sdk;
    private volatile Listeners listeners;
    private volatile Delivery delivery;

    /**
     * Telemetry that does nothing yet.
     *
     * @param version of this agent
     * @param say gets a line about telemetry itself: a port that is taken, a receiver that is down. Any thread calls it
     */
    public Telemetry(Settings settings, Inventory inventory, String version, BiConsumer<Report.Severity, String> say) {
        this.settings = settings;
        this.inventory = inventory;
        this.version = version;
        this.say = say;
        this.destinations = new Destinations(settings, Destinations::fromProcess);
    }

    /** Begins, once; returns at once. */
    public void start() {
        synchronized (lock) {
            if (started) {
                return;
            }
            started = true;
        }
        daemon("poolscope-telemetry", this::build).start();
    }

    /** What only the SDK makes possible. */
    private static final class Outputs {
        private final Spans spans;
        private final Records records;
        private final Exemplars exemplars;

        Outputs(Spans spans, Records records, Exemplars exemplars) {
            this.spans = spans;
            this.records = records;
            this.exemplars = exemplars;
        }
    }

    private void build() {
        try {
            destinations.warnings().forEach(warning -> say.accept(Report.Severity.WARN, warning));
            listeners = new Listeners(say);
            Exemplars exemplars = new Exemplars();
            List<MetricReader> readers = serve(listeners);
            delivery = new Delivery(say);
            sdk = Sdk.build(
                    destinations, new PoolMetricProducer(inventory, exemplars), readers, delivery, version, say);
            Spans spans = destinations.sends("traces")
                    ? new Spans(sdk.getTracerProvider().get(Names.SCOPE), inventory, settings.list(Setting.SPANS))
                    : null;
            Records records = destinations.sends("logs")
                    ? new Records(sdk.getSdkLoggerProvider().get(Names.SCOPE))
                    : null;
            begin(new Outputs(spans, records, exemplars));
        } catch (Throwable e) {
            say.accept(Report.Severity.ERROR, "telemetry could not be started: " + e);
        } finally {
            address.complete(null);
            built.countDown();
        }
    }

    private List<MetricReader> serve(Listeners listeners) {
        List<MetricReader> readers = new ArrayList<>();
        if (settings.port() != Settings.OFF) {
            boolean local = Listeners.isLocal(settings.text(Setting.HOST));
            MetricsEndpoint own = new MetricsEndpoint(local, local, false);
            String where = listeners.openOwn(settings, own);
            if (where != null) {
                readers.add(own.reader());
            }
            address.complete(where);
        }
        if (destinations.prometheus()) {
            boolean local = Listeners.isLocal(destinations.prometheusHost());
            MetricsEndpoint specified = new MetricsEndpoint(false, local, true);
            listeners.openSpecified(destinations.prometheusHost(), destinations.prometheusPort(), specified);
            readers.add(specified.reader());
        }
        return readers;
    }

    private void begin(Outputs ready) {
        synchronized (lock) {
            outputs = ready;
            early.forEach(Runnable::run);
            early.clear();
        }
    }

    /** Does it now, or when the SDK is there. */
    private void later(Runnable task) {
        synchronized (lock) {
            if (outputs != null) {
                task.run();
            } else if (early.size() < EARLY) {
                early.add(task);
            }
        }
    }

    @Override
    public void report(Report report) {
        if (destinations.sends("logs")) {
            later(() -> {
                if (outputs.records != null) {
                    outputs.records.report(report);
                }
            });
        }
    }

    @Override
    public void event(Event event) {
        switch (event.kind) {
            case LONG_WAIT:
                later(() -> {
                    exemplar(event);
                    span(event);
                });
                break;
            case WAIT_ENDED:
            case OPENED:
                if (destinations.sends("traces")) {
                    later(() -> span(event));
                }
                break;
            default:
        }
    }

    private void exemplar(Event event) {
        SpanContext context = Traceparent.parse(event.lease.traceparent());
        outputs.exemplars.waited(event.route, event.nanos, TimeUnit.MILLISECONDS.toNanos(event.at), context);
    }

    private void span(Event event) {
        if (outputs.spans != null) {
            outputs.spans.event(event);
        }
    }

    @Override
    public void leaked(Lease lease, StackTraceElement[] stack, boolean certain) {
        if (certain && destinations.sends("traces")) {
            later(() -> {
                if (outputs.spans != null) {
                    outputs.spans.leaked(lease, stack);
                }
            });
        }
    }

    /** Where a person can look; waits for the port, for two seconds at most. Null if nothing is served. */
    public String address() {
        try {
            return address.get(ADDRESS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    /**
     * Sends what there is and ends. Returns after so many milliseconds at the latest, whatever the receivers do; the SDK
     * alone would wait for more than ten seconds for one that is silent.
     */
    public void close(long millis) {
        synchronized (lock) {
            if (!started) {
                return;
            }
        }
        if (destinations.sends()) {
            CountDownLatch done = new CountDownLatch(1);
            daemon("poolscope-flush", () -> flush(done)).start();
            try {
                done.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (delivery != null) {
            delivery.stop();
        }
        if (listeners != null) {
            listeners.close();
        }
    }

    private void flush(CountDownLatch done) {
        try {
            built.await();
            if (sdk != null) {
                // These two return at once and do their work on other threads; that of metrics is done here.
                CompletableResultCode traces = sdk.getSdkTracerProvider().shutdown();
                CompletableResultCode logs = sdk.getSdkLoggerProvider().shutdown();
                CompletableResultCode metrics = sdk.getSdkMeterProvider().shutdown();
                CompletableResultCode.ofAll(List.of(traces, logs, metrics)).join(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done.countDown();
        }
    }

    /** A thread that keeps nothing of the one that creates it: neither its thread locals nor its class loader. */
    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Telemetry.class.getClassLoader());
        return thread;
    }
}

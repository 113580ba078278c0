package io.poolscope.engine.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.poolscope.engine.http.Answer;
import io.poolscope.engine.http.Gate;
import io.poolscope.engine.http.Handler;
import io.poolscope.engine.http.Listeners;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.report.Notices;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Metrics, spans and log records, and where they go.
 *
 * <p>{@link #start} opens the ports and returns; the SDK is built on a thread of its own. What happens until it is there is
 * kept, up to a bound, and told then. All of it is allowed to fail: the engine goes on, and a line says so. Thread-safe.
 */
public final class Telemetry implements Observer {

    /** So much that happens before the SDK is there is kept; of leaks and reports, which are rare, twice as much. */
    private static final int EARLY = 200;

    private final Settings settings;
    private final Inventory inventory;
    private final String version;
    private final Handler page;
    private final BiConsumer<Report.Severity, String> say;
    private final Destinations destinations;
    private final Listeners listeners;
    private final Delivery delivery;
    private final List<MetricsEndpoint> endpoints = new ArrayList<>();
    private final CountDownLatch built = new CountDownLatch(1);
    private String address;

    private final Object lock = new Object();
    private final Queue<Runnable> early = new ArrayDeque<>();
    private boolean idle;
    private volatile Outputs outputs;
    private volatile OpenTelemetrySdk sdk;

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

    private Telemetry(
            Settings settings,
            Inventory inventory,
            String version,
            Handler page,
            BiConsumer<Report.Severity, String> say) {
        this.settings = settings;
        this.inventory = inventory;
        this.version = version;
        this.page = page;
        this.say = say;
        this.destinations = new Destinations(settings, Destinations::fromProcess);
        this.listeners = new Listeners(say);
        this.delivery = new Delivery(say);
    }

    /**
     * Begins to serve and to send; call it on a daemon thread.
     *
     * @param inventory what there is to tell, within bounds
     * @param version of this agent
     * @param page what is served beside the metrics, null for nothing
     */
    public static Observer start(Settings settings, Inventory inventory, String version, Handler page) {
        return start(settings, inventory, version, page, Telemetry::notice);
    }

    /** The same; {@code say} gets a line when a port is taken, or a receiver is down. Any thread calls it. */
    static Telemetry start(
            Settings settings,
            Inventory inventory,
            String version,
            Handler page,
            BiConsumer<Report.Severity, String> say) {
        Telemetry telemetry = new Telemetry(settings, inventory, version, page, say);
        telemetry.destinations.warnings().forEach(warning -> say.accept(Report.Severity.WARN, warning));
        try {
            telemetry.serve();
        } catch (RuntimeException | LinkageError e) {
            say.accept(Report.Severity.ERROR, "metrics are not served: " + e);
        }
        if (telemetry.endpoints.isEmpty() && !telemetry.destinations.sends()) {
            telemetry.idle();
        } else {
            daemon("poolscope-sdk", telemetry::build).start();
        }
        return telemetry;
    }

    private static void notice(Report.Severity severity, String line) {
        switch (severity) {
            case ERROR:
                Notices.error(line);
                break;
            case WARN:
                Notices.warn(line);
                break;
            default:
                Notices.info(line);
        }
    }

    private void serve() {
        if (settings.port() != Settings.OFF) {
            MetricsEndpoint own = new MetricsEndpoint(false);
            boolean local = Listeners.isLocal(settings.text(Setting.HOST));
            Gate gate = page == null
                    ? new Gate(local, own, local ? Telemetry::pointer : null, "")
                    : new Gate(local, own, page, settings.text(Setting.PAGE_TOKEN));
            address = listeners.openOwn(settings, gate);
            if (address != null) {
                endpoints.add(own);
            }
        }
        if (destinations.prometheus()) {
            MetricsEndpoint specified = new MetricsEndpoint(true);
            Gate gate = new Gate(Listeners.isLocal(destinations.prometheusHost()), specified, null, "");
            if (listeners.openSpecified(destinations.prometheusHost(), destinations.prometheusPort(), gate)) {
                endpoints.add(specified);
            }
        }
    }

    /** Where there is no page. */
    private static Answer pointer(String path, UnaryOperator<String> header) {
        return path.equals("/")
                ? Answer.text(200, "Poolscope: the metrics are at " + Gate.METRICS)
                : Answer.text(404, "there is only " + Gate.METRICS);
    }

    private void build() {
        try {
            Exemplars exemplars = new Exemplars();
            List<MetricReader> readers = new ArrayList<>();
            endpoints.forEach(endpoint -> readers.add(endpoint.reader()));
            sdk = Sdk.build(
                    destinations, new PoolMetricProducer(inventory, exemplars), readers, delivery, version, say);
            Spans spans = destinations.sends("traces")
                    ? new Spans(
                            sdk.getTracerProvider().get(Names.SCOPE),
                            inventory,
                            settings.list(Setting.SPANS),
                            settings.number(Setting.SPANS_LIMIT))
                    : null;
            Records records = destinations.sends("logs")
                    ? new Records(sdk.getSdkLoggerProvider().get(Names.SCOPE))
                    : null;
            endpoints.forEach(MetricsEndpoint::ready);
            begin(new Outputs(spans, records, exemplars));
        } catch (Throwable e) {
            say.accept(Report.Severity.ERROR, "telemetry could not be started: " + e);
            idle();
        } finally {
            built.countDown();
        }
    }

    /** There is nobody to tell anything. */
    private void idle() {
        synchronized (lock) {
            idle = true;
            early.clear();
        }
    }

    private void begin(Outputs ready) {
        synchronized (lock) {
            outputs = ready;
            early.forEach(Runnable::run);
            early.clear();
        }
    }

    /** Does it now, or when the SDK is there. */
    private void later(int bound, Runnable task) {
        synchronized (lock) {
            if (outputs != null) {
                task.run();
            } else if (!idle && early.size() < bound) {
                early.add(task);
            }
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void report(Report report) {
        if (destinations.sends("logs")) {
            later(2 * EARLY, () -> {
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
                later(EARLY, () -> {
                    exemplar(event);
                    span(event);
                });
                break;
            case WAIT_ENDED:
            case OPENED:
                if (destinations.sends("traces")) {
                    later(EARLY, () -> span(event));
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
            later(2 * EARLY, () -> {
                if (outputs.spans != null) {
                    outputs.spans.leaked(lease, stack);
                }
            });
        }
    }

    /**
     * Sends what there is and ends. Returns after so many milliseconds at the latest, whatever the receivers do; the SDK
     * alone would wait for more than ten seconds for one that is silent.
     */
    @Override
    public void close(long millis) {
        if (destinations.sends()) {
            CountDownLatch done = new CountDownLatch(1);
            daemon("poolscope-flush", () -> flush(done)).start();
            try {
                if (!done.await(millis, TimeUnit.MILLISECONDS)) {
                    // What is not sent by now is lost: the application's exit is not ours to delay.
                    delivery.stop();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        listeners.close();
    }

    private void flush(CountDownLatch done) {
        try {
            built.await();
            if (sdk != null) {
                // The first two return at once and do their work on other threads; that of metrics is done here.
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

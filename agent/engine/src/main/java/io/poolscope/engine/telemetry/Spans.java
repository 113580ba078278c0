package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.WaitOutcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Makes the spans of long waits, leaks and openings of connections.
 *
 * <p>The parent is the {@code traceparent} that the request carried: with a sampled one the span is made, with an unsampled
 * one it is not. Without one it is a root, at most one of a name a second for each route. Never over so many a second in all as
 * is set, the last fifth of which is for leaks. Confined to the engine's thread.
 */
final class Spans {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Tracer tracer;
    private final Inventory inventory;
    private final boolean waits;
    private final boolean leaks;
    private final boolean setups;
    private final int perSecond;
    /** How many of these are kept for leaks, which are rare, and come when waits are many. */
    private final int forLeaks;
    /** When the latest root of a route began, by name: a wait does not keep a leak from being told. */
    private final Map<String, Map<Route, Long>> roots = new HashMap<>();

    private long window = System.nanoTime();
    private int inWindow;

    /**
     * Spans of these kinds.
     *
     * @param wanted of {@code wait}, {@code leak} and {@code setup}
     * @param perSecond so many are made in a second
     */
    Spans(Tracer tracer, Inventory inventory, Collection<String> wanted, int perSecond) {
        this.tracer = tracer;
        this.inventory = inventory;
        this.waits = wanted.contains("wait");
        this.leaks = wanted.contains("leak");
        this.setups = wanted.contains("setup");
        this.perSecond = perSecond;
        this.forLeaks = perSecond / 5;
    }

    void event(Event event) {
        switch (event.kind) {
            case LONG_WAIT:
                if (waits) {
                    long granted = WallClock.at(event.lease.granted());
                    wait(event, Traceparent.parse(event.lease.traceparent()), granted);
                }
                break;
            case WAIT_ENDED:
                if (waits) {
                    // No request was written, so there is no parent to be known.
                    wait(event, SpanContext.getInvalid(), TimeUnit.MILLISECONDS.toNanos(event.at));
                }
                break;
            case OPENED:
                if (setups) {
                    setup(event);
                }
                break;
            default:
        }
    }

    private void wait(Event event, SpanContext parent, long end) {
        SpanBuilder span = begin(Names.SPAN_WAIT, event.route, parent);
        if (span == null) {
            return;
        }
        Span started = span.setAttribute(Keys.WAIT_OUTCOME, event.outcome.name().toLowerCase(Locale.ROOT))
                .setStartTimestamp(end - event.nanos, TimeUnit.NANOSECONDS)
                .startSpan();
        if (event.outcome == WaitOutcome.TIMEOUT || event.outcome == WaitOutcome.FAILED) {
            started.setStatus(StatusCode.ERROR);
        }
        started.end(end, TimeUnit.NANOSECONDS);
    }

    private void setup(Event event) {
        Route route = event.route;
        if (!mayBeRoot(Names.SPAN_SETUP, route) || !isWithinLimit(Names.SPAN_SETUP)) {
            return;
        }
        long end = TimeUnit.MILLISECONDS.toNanos(event.at);
        SpanBuilder span = named(Names.SPAN_SETUP, route).setNoParent();
        SpanContext cause =
                event.lease == null ? SpanContext.getInvalid() : Traceparent.parse(event.lease.traceparent());
        if (cause.isValid()) {
            span.addLink(cause);
        }
        span.setStartTimestamp(end - event.nanos, TimeUnit.NANOSECONDS)
                .startSpan()
                .end(end, TimeUnit.NANOSECONDS);
    }

    /** A lease was found leaked. */
    void leaked(Lease lease, StackTraceElement[] stack) {
        if (!leaks) {
            return;
        }
        SpanBuilder span = begin(Names.SPAN_LEAK, lease.route(), Traceparent.parse(lease.traceparent()));
        if (span == null) {
            return;
        }
        if (stack != null) {
            span.setAttribute(Keys.CODE_STACKTRACE, text(stack));
        }
        span.setStartTimestamp(WallClock.at(lease.granted()), TimeUnit.NANOSECONDS)
                .startSpan()
                .end();
    }

    private static String text(StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : stack) {
            text.append("\tat ").append(frame).append('\n');
        }
        return text.toString();
    }

    /** A span with this parent, or a root; null if it is not to be made. */
    private SpanBuilder begin(String name, Route route, SpanContext parent) {
        boolean root = !parent.isValid();
        if (root ? !mayBeRoot(name, route) : !parent.isSampled()) {
            return null;
        }
        if (!isWithinLimit(name)) {
            return null;
        }
        SpanBuilder span = named(name, route);
        return root ? span.setNoParent() : span.setParent(Context.root().with(Span.wrap(parent)));
    }

    private boolean mayBeRoot(String name, Route route) {
        Map<Route, Long> ofName = roots.computeIfAbsent(name, unused -> new WeakHashMap<>());
        long now = System.nanoTime();
        Long last = ofName.get(route);
        if (last != null && now - last < SECOND) {
            return false;
        }
        ofName.put(route, now);
        return true;
    }

    private boolean isWithinLimit(String name) {
        long now = System.nanoTime();
        if (now - window >= SECOND) {
            window = now;
            inWindow = 0;
        }
        if (inWindow >= (name.equals(Names.SPAN_LEAK) ? perSecond : perSecond - forLeaks)) {
            return false;
        }
        inWindow++;
        return true;
    }

    /** Hosts can be secrets; the bounds of series are not those of spans, so a route past them has its own name here. */
    private SpanBuilder named(String name, Route route) {
        boolean told = inventory.tellsRoutes();
        String host = told ? route.host() : null;
        int port = told ? route.port() : -1;
        Pool pool = route.pool();
        Attributes attributes = Keys.route(
                        inventory.name(pool), pool.client().name(), host, port, told ? route.proxy() : null)
                .build();
        String place = host == null ? "" : " " + host + (port < 0 ? "" : ":" + port);
        return tracer.spanBuilder(name + place).setAllAttributes(attributes);
    }
}

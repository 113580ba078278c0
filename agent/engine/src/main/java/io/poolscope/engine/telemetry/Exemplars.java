package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.poolscope.engine.pools.Buckets;
import io.poolscope.model.Route;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The latest long wait of each route that happened in a sampled trace: one exemplar for its histogram of waits. A wait that
 * timed out has none, because no request of it was ever written. Thread-safe.
 */
final class Exemplars {

    private final Map<Route, DoubleExemplarData> latest = new WeakHashMap<>();

    /** Takes in a wait of so many nanoseconds that ended then, in this context, if that is sampled. */
    synchronized void waited(Route route, long nanos, long epochNanos, SpanContext context) {
        if (context.isSampled()) {
            latest.put(
                    route, DoubleExemplarData.create(Attributes.empty(), epochNanos, context, Buckets.seconds(nanos)));
        }
    }

    /** The latest of these routes, or nothing. */
    synchronized List<DoubleExemplarData> latest(List<Route> routes) {
        DoubleExemplarData found = null;
        for (Route route : routes) {
            DoubleExemplarData exemplar = latest.get(route);
            if (exemplar != null && (found == null || exemplar.getEpochNanos() > found.getEpochNanos())) {
                found = exemplar;
            }
        }
        return found == null ? Collections.emptyList() : Collections.singletonList(found);
    }
}

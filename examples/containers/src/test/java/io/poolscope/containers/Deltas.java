package io.poolscope.containers;

import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the Collector's {@code cumulativetodelta} processor makes of a cumulative sum that only goes up, by its defaults: the
 * first point of a series is kept if the series began after the Collector did, and a point that is less than the one before is
 * dropped. Not thread-safe.
 */
final class Deltas {
    private final long began;
    private final Map<Object, NumberDataPoint> before = new HashMap<>();

    /** In a Collector that was started at this time, in nanoseconds since 1970. */
    Deltas(long began) {
        this.began = began;
    }

    /** What was added since the point before of this series, which its start is a part of. */
    Optional<NumberDataPoint> since(Object series, NumberDataPoint point) {
        NumberDataPoint last = before.put(List.of(series, point.getStartTimeUnixNano()), point);
        if (last == null) {
            boolean isNew =
                    point.getStartTimeUnixNano() >= began && point.getStartTimeUnixNano() != point.getTimeUnixNano();
            return isNew ? Optional.of(point) : Optional.empty();
        }
        if (point.getAsInt() < last.getAsInt()) {
            return Optional.empty();
        }
        return Optional.of(point.toBuilder()
                .setStartTimeUnixNano(last.getTimeUnixNano())
                .setAsInt(point.getAsInt() - last.getAsInt())
                .build());
    }
}

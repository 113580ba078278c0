package io.poolscope.engine.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;

/**
 * Reads the W3C header: {@code 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01}.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context</a>
 */
final class Traceparent {

    private static final int LENGTH = 55;

    private Traceparent() {}

    /** The context that a header carries; an invalid one if there is none, or none that can be read. */
    static SpanContext parse(String header) {
        if (header == null || header.length() < LENGTH || !isWellFormed(header)) {
            return SpanContext.getInvalid();
        }
        return SpanContext.createFromRemoteParent(
                header.substring(3, 35),
                header.substring(36, 52),
                TraceFlags.fromHex(header, 53),
                TraceState.getDefault());
    }

    private static boolean isWellFormed(String header) {
        for (int i = 0; i < LENGTH; i++) {
            char c = header.charAt(i);
            boolean hyphen = i == 2 || i == 35 || i == 52;
            if (hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        if (header.startsWith("ff")) {
            return false;
        }
        // A version of the future may add fields, after a hyphen; the present one has none.
        return header.length() == LENGTH || (!header.startsWith("00") && header.charAt(LENGTH) == '-');
    }
}

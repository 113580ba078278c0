package io.poolscope.instrumentation.okhttp;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Lease;
import io.poolscope.model.Undrained;
import net.bytebuddy.asm.Advice;
import okhttp3.Response;

/** What happens to the body of a response: opened, read, closed. Its end gives the connection back by itself. */
final class BodyAdvice {

    private BodyAdvice() {}

    /** {@code Exchange.openResponseBody(response)}: a stream of server-sent events has no end to wait for. */
    static final class Opened {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange, @Advice.Argument(0) Response response) {
            Lease lease = (Lease) Carried.by(exchange);
            if (lease != null) {
                String type = response.header("Content-Type");
                if (type != null && type.startsWith("text/event-stream")) {
                    lease.longLived();
                }
            }
        }
    }

    /** {@code ResponseBodySource.read(sink, byteCount)}: below every buffer, so that each call reads from the network. */
    static final class Read {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.FieldValue("this$0") Object exchange) {
            Lease lease = (Lease) Carried.by(exchange);
            if (lease != null) {
                lease.readBegins();
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease != null) {
                lease.readEnds();
            }
        }
    }

    /**
     * {@code ResponseBodySource.close()} of HTTP/1: where the end has not been seen, closing reads on for at most 100 ms, and
     * throws the connection away if that is not enough ({@link ConnectionAdvice.NoNewExchanges}). The lease ends inside,
     * unless OkHttp closes a response by itself, to follow a redirect or to repeat a request. Not undrained: what was
     * cancelled, which is the way to leave a body unread; and a stream of HTTP/2, whose reset costs neither.
     */
    static final class Closed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(
                @Advice.FieldValue("this$0") Object exchange,
                @Advice.FieldValue("completed") boolean completed,
                @Advice.FieldValue("closed") boolean closed) {
            Lease lease = completed || closed ? null : (Lease) Carried.by(exchange);
            if (lease == null
                    || lease.isLongLived()
                    || lease.reason() != null
                    || lease.connection().isMultiplexed()) {
                return 0;
            }
            lease.closingUndrained(true);
            return System.nanoTime();
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.FieldValue("this$0") Object exchange, @Advice.Enter long began) {
            Lease lease = began == 0 ? null : (Lease) Carried.by(exchange);
            if (lease == null) {
                return;
            }
            lease.closingUndrained(false);
            if (lease.isHandedOut()) {
                boolean kept = lease.reason() != CloseReason.UNDRAINED
                        && lease.connection().isOpen();
                lease.closedUndrained(
                        kept ? Undrained.DRAINED_ON_CLOSE : Undrained.DISCARDED, System.nanoTime() - began);
            }
        }
    }
}

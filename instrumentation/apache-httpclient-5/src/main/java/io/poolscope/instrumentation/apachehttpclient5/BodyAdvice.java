package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import io.poolscope.model.Undrained;
import net.bytebuddy.asm.Advice;

/** What happens to a response and its body: read, ended, closed. */
final class BodyAdvice {

    private BodyAdvice() {}

    /** {@code <init>(…, execRuntime)} of the response and of its entity: they carry the lease of their runtime. */
    static final class OfRuntime {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object part, @Advice.Argument(1) Object runtime) {
            Object lease = Carried.by(runtime);
            if (lease != null) {
                Carried.by(part, lease);
            }
        }
    }

    /**
     * {@code close()} of the response, and {@code close(closeMode)} from 5.4 on. Up to 5.1.3 it reads the rest and throws the
     * connection away all the same, even if not a byte was left; from 5.1.4 on the entity's {@link StreamClosed close} inside
     * gives the connection back. Closed {@code IMMEDIATE}, nothing is read, and the connection is thrown away.
     */
    static final class ResponseClosed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object response) {
            Lease lease = (Lease) Carried.by(response);
            if (lease == null || lease.isEnded() || lease.isBodyEnded()) {
                return null;
            }
            lease.closingUndrained(true);
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease == null) {
                return;
            }
            lease.closingUndrained(false);
            if (lease.isHandedOut() && lease.reason() == CloseReason.UNDRAINED) {
                lease.closedUndrained(Undrained.DISCARDED, 0);
            }
        }
    }

    /** {@code read} of {@code EofSensorInputStream}, in its three forms, of which one may call another. */
    static final class Read {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.FieldValue("eofWatcher") Object watcher) {
            Lease lease = (Lease) Carried.by(watcher);
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

    /** {@code eofDetected(stream)}: a read returned -1. The connection is released in here. */
    static final class EndSeen {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object entity) {
            Lease lease = (Lease) Carried.by(entity);
            if (lease != null) {
                lease.bodyEnded();
            }
        }
    }

    /**
     * {@code streamClosed(stream)}, and {@code close()} of the entity from 5.1.4 on, which the response's close calls: before a
     * read returned -1. Closing reads the rest, without limit, and the connection is kept, if the rest comes. Where
     * nothing of the body is left nothing is lost, and it does not count: a parser that stops at the last bracket, a
     * GZIPInputStream that knows its end. {@code EntityUtils.consume} closes unread on purpose.
     */
    static final class StreamClosed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static long enter(@Advice.This Object entity) {
            Lease lease = (Lease) Carried.by(entity);
            if (lease == null || !lease.isUndrained()) {
                return 0;
            }
            if (Scope.isConsuming()) {
                lease.bodyEnded();
                return 0;
            }
            Scope.draining();
            return System.nanoTime();
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object entity, @Advice.Enter long began, @Advice.Thrown Throwable thrown) {
            Lease lease = began == 0 ? null : (Lease) Carried.by(entity);
            if (lease == null) {
                return;
            }
            boolean drained = Scope.drained();
            if (thrown != null) {
                lease.closedUndrained(Undrained.DISCARDED, 0);
            } else if (drained) {
                lease.closedUndrained(Undrained.DRAINED_ON_CLOSE, System.nanoTime() - began);
            } else {
                lease.bodyEnded();
            }
        }
    }

    /** {@code read} of the streams below, which {@code close} calls for what is left; each form may call another. */
    static final class RawRead {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Return int bytes) {
            Scope.read(bytes);
        }
    }

    /** {@code streamAbort(stream)}: reading failed, or the application gave up; the connection is thrown away. */
    static final class StreamAborted {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object entity) {
            Lease lease = (Lease) Carried.by(entity);
            if (lease != null) {
                lease.closing(CloseReason.FAILED);
            }
        }
    }

    /** {@code writeTo(stream)}: reads to the end and releases; past the sensor stream, so that it is one long read. */
    static final class WrittenTo {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object entity) {
            Lease lease = (Lease) Carried.by(entity);
            if (lease != null) {
                lease.readBegins();
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Thrown Throwable thrown) {
            if (lease != null) {
                lease.readEnds();
                if (thrown == null) {
                    lease.bodyEnded();
                }
            }
        }
    }

    /** {@code EntityUtils.consume(entity)}: the application reads the rest on purpose, by closing the stream. */
    static final class Consume {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter() {
            Scope.consuming();
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit() {
            Scope.consumed();
        }
    }
}

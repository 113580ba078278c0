package io.poolscope.instrumentation.okhttp;

import io.poolscope.model.CallSite;
import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Wait;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import net.bytebuddy.asm.Advice;
import okhttp3.Request;
import okhttp3.internal.http2.StreamResetException;

/** What happens to a lease: the time that a call has a connection, or a stream of one, through one or more exchanges. */
final class LeaseAdvice {

    private LeaseAdvice() {}

    /**
     * {@code acquireConnectionNoEvents(connection)} of the call, up to 4.3 of its transmitter, under the lock. Whether the
     * connection still lives is asked after this; if not, the call gives it back and looks on.
     */
    static final class Acquired {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object call, @Advice.Argument(0) Object acquired) {
            Connection connection = (Connection) Carried.by(acquired);
            Object before = Carried.by(call);
            Lease lease;
            if (before instanceof Wait) {
                lease = Lease.begin(connection, (Wait) before);
            } else if (before instanceof CallSite) {
                lease = Lease.begin(connection, (CallSite) before);
            } else {
                lease = Lease.begin(connection);
            }
            if (lease != null) {
                Carried.by(call, lease);
            }
        }
    }

    /**
     * {@code releaseConnectionNoEvents()} of the call, up to 4.3 of its transmitter, under the lock. What it returns is to be
     * closed: the connection was not to be used again, or the pool keeps no idle ones, and no other call is left on it.
     */
    static final class Released {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object call, @Advice.Return Object toClose) {
            Object state = Carried.by(call);
            if (!(state instanceof Lease)) {
                return;
            }
            Lease lease = (Lease) state;
            Carried.by(call, lease.settledSite());
            if (toClose != null) {
                lease.closed();
            }
            if (lease.isConfirmed()) {
                lease.end();
            } else {
                lease.takenBack();
            }
        }
    }

    /**
     * {@code Exchange.<init>(call, …)}, up to 4.3 {@code (transmitter, …)}: the connection has been found to live. The pool
     * refers to the call weakly, and responses refer to it strongly, so that it dies with a response that is dropped.
     */
    static final class Held {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object exchange, @Advice.Argument(0) Object call) {
            Object state = Carried.by(call);
            if (state instanceof Lease) {
                Lease lease = (Lease) state;
                if (!lease.isConfirmed()) {
                    lease.heldBy(call);
                }
                Carried.by(exchange, lease);
            }
        }
    }

    /** {@code Exchange.writeRequestHeaders(request)}: the headers are complete now, a tracer's among them. */
    static final class RequestSent {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange, @Advice.Argument(0) Request request) {
            Lease lease = (Lease) Carried.by(exchange);
            if (lease != null) {
                lease.requestSent(request.header("traceparent"));
            }
        }
    }

    /** {@code Exchange.createRequestBody(request, duplex)}: a duplex body goes on beside its response, as gRPC streams do. */
    static final class DuplexBegun {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange, @Advice.Argument(1) boolean duplex) {
            Lease lease = duplex ? (Lease) Carried.by(exchange) : null;
            if (lease != null) {
                lease.longLived();
            }
        }
    }

    /** {@code Exchange.readResponseHeaders(expectContinue)}: null is a 100 that was asked for. */
    static final class ResponseStarted {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object exchange, @Advice.Return Object response) {
            Lease lease = response == null ? null : (Lease) Carried.by(exchange);
            if (lease != null) {
                lease.responseStarted();
            }
        }
    }

    /** {@code newWebSocketStreams()}, {@code upgradeToSocket()} from 5.2 on: no request and response any more. */
    static final class Upgraded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange) {
            Lease lease = (Lease) Carried.by(exchange);
            if (lease != null) {
                lease.longLived();
            }
        }
    }

    /**
     * {@code Exchange.trackFailure(e)}: every failure of an exchange, also of one that OkHttp repeats by itself. A timeout or
     * an answer that is none says nothing of the server having closed the connection; HTTP/2 resets streams.
     */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange, @Advice.Argument(0) IOException failure) {
            Lease lease = (Lease) Carried.by(exchange);
            if (lease == null) {
                return;
            }
            if (failure instanceof SocketTimeoutException
                    || failure instanceof ProtocolException
                    || failure instanceof StreamResetException) {
                lease.closing(CloseReason.FAILED);
            } else if (failure instanceof InterruptedIOException) {
                lease.closing(CloseReason.ABORTED);
            } else {
                lease.exchangeFailed();
            }
        }
    }

    /**
     * {@code RealCall.getResponseWithInterceptorChain()}, from 4.4 on: what is returned goes to the application, out of {@code
     * execute} or into its callback; redirects, retries and the cache are over. A lease that has ended holds nothing.
     */
    static final class HandedOut {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object call) {
            Object state = Carried.by(call);
            if (state instanceof Lease) {
                ((Lease) state).handedOut();
            }
        }
    }

    /** {@code okhttp3.RealCall.getResponseWithInterceptorChain()}, up to 4.3: as {@link HandedOut}. */
    static final class HandedOutUpTo43 {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.FieldValue("transmitter") Object transmitter) {
            Object state = Carried.by(transmitter);
            if (state instanceof Lease) {
                ((Lease) state).handedOut();
            }
        }
    }
}

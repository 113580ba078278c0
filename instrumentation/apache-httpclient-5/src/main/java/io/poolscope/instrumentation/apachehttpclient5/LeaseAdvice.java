package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.NoHttpResponseException;

/** What happens to a lease between being granted ({@link WaitAdvice}) and {@link PoolAdvice.Release}. */
final class LeaseAdvice {

    private LeaseAdvice() {}

    /**
     * {@code InternalConnectionEndpoint.<init>(…)} of a pooling manager: what the client holds of a leased entry. The pool
     * refers to the entry only, so that a response that is dropped takes the endpoint along; the manager's own release
     * refers to it until the entry is back.
     */
    static final class Held {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object endpoint, @Advice.FieldValue("poolEntryRef") AtomicReference<?> reference) {
            Connection connection = (Connection) Carried.by(reference.get());
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null && !lease.isEnded()) {
                lease.heldBy(endpoint);
                Carried.by(endpoint, lease);
            }
        }
    }

    /** {@code InternalExecRuntime.acquireEndpoint(…)}: once for each exchange, again for a redirect or a retry. */
    static final class Acquired {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object runtime, @Advice.FieldValue("endpointRef") AtomicReference<?> reference) {
            Carried.by(runtime, Carried.by(reference.get()));
        }
    }

    /** {@code InternalExecRuntime.cancel()}: {@code request.cancel()}, also from another thread, also after the end. */
    static final class Cancelled {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object runtime) {
            Lease lease = (Lease) Carried.by(runtime);
            if (lease != null && !lease.isEnded()) {
                lease.closing(CloseReason.ABORTED);
            }
        }
    }

    /** {@code InternalExecRuntime.discardEndpoint()}: after an error; also after every regular end, when nothing is left to. */
    static final class Discarded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object runtime) {
            Lease lease = (Lease) Carried.by(runtime);
            if (lease != null && !lease.isEnded() && !lease.isBodyEnded()) {
                lease.closing(CloseReason.FAILED);
            }
        }
    }

    /**
     * {@code HttpRequestExecutor.execute(request, connection, informationCallback, context)}: writes the request and reads the
     * head of the response. The headers are complete, a tracer's among them. A CONNECT to a proxy goes through here,
     * too, which is a part of opening.
     */
    static final class Exchange {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.Argument(0) ClassicHttpRequest request, @Advice.Argument(1) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease == null || lease.isEnded()) {
                return null;
            }
            if (!connection.isOpen()) {
                if (!connection.isOpening() || "CONNECT".equals(request.getMethod())) {
                    return lease;
                }
                lease.opened();
            }
            Header traceparent = request.getFirstHeader("traceparent");
            lease.requestSent(traceparent == null ? null : traceparent.getValue());
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Thrown Throwable thrown) {
            if (lease == null) {
                return;
            }
            if (!lease.connection().isOpen()) {
                if (thrown != null) {
                    lease.connection().failedToOpen(thrown.getClass().getName());
                }
            } else if (thrown == null) {
                lease.responseStarted();
            } else if (thrown instanceof NoHttpResponseException
                    || thrown instanceof SocketException
                    || thrown instanceof ConnectionClosedException) {
                lease.exchangeFailed();
            } else {
                lease.closing(CloseReason.FAILED);
            }
        }
    }

    /**
     * {@code doExecute(…)} of the clients: what is returned goes to the application, or to the handler that it gave; redirects
     * and retries that the client made by itself are over.
     */
    static final class HandedOut {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Return Object response) {
            Lease lease = (Lease) Carried.by(response);
            if (lease != null) {
                lease.handedOut();
            }
        }
    }
}

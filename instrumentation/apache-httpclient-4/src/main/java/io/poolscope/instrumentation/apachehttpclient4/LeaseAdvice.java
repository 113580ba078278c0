package io.poolscope.instrumentation.apachehttpclient4;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import io.poolscope.model.Undrained;
import java.net.SocketException;
import net.bytebuddy.asm.Advice;
import org.apache.http.ConnectionClosedException;
import org.apache.http.Header;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.NoHttpResponseException;

/** What happens to a lease between the pool's {@link PoolAdvice.Acquire} and {@link PoolAdvice.Release}. */
final class LeaseAdvice {

    private LeaseAdvice() {}

    /**
     * {@code ConnectionHolder.<init>(log, manager, managedConn)}: from here on the client's code holds the connection, and
     * soon the response does. The pool refers to the entry only, so that a response that is dropped takes the holder along.
     */
    static final class Held {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object holder, @Advice.Argument(2) Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null) {
                lease.heldBy(holder);
                Carried.by(holder, lease);
            }
        }
    }

    /** {@code HttpRequestExecutor.doSendRequest(…)}: the headers are complete now, a tracer's among them. */
    static final class RequestSent {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.Argument(0) HttpRequest request, @Advice.Argument(1) Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null && !lease.connection().isOpen()) {
                // Not open yet: a CONNECT to the proxy, which is a part of opening.
                lease = null;
            }
            if (lease != null) {
                Header traceparent = request.getFirstHeader("traceparent");
                lease.requestSent(traceparent == null ? null : traceparent.getValue());
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Enter Lease lease, @Advice.Return HttpResponse early, @Advice.Thrown Throwable thrown) {
            if (lease == null) {
                return;
            }
            if (thrown instanceof SocketException || thrown instanceof ConnectionClosedException) {
                lease.exchangeFailed();
            } else if (thrown != null) {
                lease.closing(CloseReason.FAILED);
            } else if (early != null) {
                // A final response in place of "100 Continue".
                lease.responseStarted();
            }
        }
    }

    /** {@code HttpRequestExecutor.doReceiveResponse(…)}: reads the head; whoever calls closes the connection on a throw. */
    static final class ResponseReceived {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(1) Object managed, @Advice.Thrown Throwable thrown) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease == null || !lease.connection().isOpen()) {
                return;
            }
            if (thrown == null) {
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
     * {@code doExecute(…)} of the clients: what is returned goes to the application; redirects and retries that the client
     * made by itself are over.
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

    /**
     * {@code reset()} of a request, and {@code releaseConnection()}, which calls it: people end with it what they have read or
     * not. What of the response is unread is closed undrained then.
     */
    static final class Reset {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter() {
            Scope.resetting(true);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit() {
            Scope.resetting(false);
        }
    }

    /** {@code ConnectionHolder.cancel()}: {@code request.abort()}, also from another thread, also after the end; or a reset. */
    static final class Cancelled {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object holder) {
            Lease lease = (Lease) Carried.by(holder);
            if (lease == null || lease.isEnded()) {
                return;
            }
            if (Scope.isResetting() && lease.isUndrained()) {
                lease.closedUndrained(Undrained.DISCARDED, 0);
            } else {
                lease.closing(CloseReason.ABORTED);
            }
        }
    }

    /** {@code ConnectionHolder.abortConnection()}: after {@link Cancelled}, an undrained close up to 4.5.0, or an error. */
    static final class Aborted {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object holder) {
            Lease lease = (Lease) Carried.by(holder);
            if (lease != null && !lease.isBodyEnded() && !lease.isEnded()) {
                lease.closing(CloseReason.FAILED);
            }
        }
    }
}

package io.poolscope.instrumentation.apachehttpasyncclient4;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpResponse;
import org.apache.http.nio.NHttpClientConnection;

/**
 * What selectors tell {@code HttpAsyncRequestExecutor} of connections. Each connection belongs to one selector, and so to one
 * thread; what the application does with a response (its consumer) runs inside of these.
 */
final class EventAdvice {

    private EventAdvice() {}

    /**
     * {@code responseReceived(conn)}: the head of a response, which goes to the consumer unless it is a redirect or a
     * challenge; those have no end that the application could delay. Not yet open: the answer to a CONNECT.
     */
    static final class ResponseReceived {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.Argument(0) NHttpClientConnection managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null || !connection.isOpen() ? null : connection.lease();
            HttpResponse response = lease == null || lease.isEnded() ? null : managed.getHttpResponse();
            if (response == null || response.getStatusLine().getStatusCode() < 200) {
                return null;
            }
            lease.responseStarted();
            lease.handedOut();
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease != null) {
                lease.inputTaken();
            }
        }
    }

    /** {@code inputReady(conn, decoder)}: the consumer is called with a part of the body, and may do what it likes. */
    static final class InputReady {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.Argument(0) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null) {
                lease.readEnds();
                lease.closingUndrained(true);
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease != null) {
                lease.closingUndrained(false);
                lease.inputTaken();
            }
        }
    }

    /** {@code processResponse(conn, state, handler)}: inside of the above, at the end of a body, or where there is none. */
    static final class ResponseProcessed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null) {
                lease.closingUndrained(false);
            }
        }
    }

    /**
     * {@code endOfInput(conn)}: the server has closed, and no head of a response was there any more. The connection is closed
     * inside; an exchange that has sent nothing tries another.
     */
    static final class EndOfInput {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            if (connection == null) {
                return;
            }
            Lease lease = connection.lease();
            if (lease == null || lease.isEnded()) {
                connection.closing(CloseReason.SERVER_CLOSED);
            } else if (!connection.isOpen()) {
                connection.failedToOpen("org.apache.http.ConnectionClosedException");
            } else if (!lease.isUntouched()) {
                lease.exchangeFailed();
            }
        }
    }

    /** {@code timeout(conn)}: of an exchange it is told as a failure; in 4.0 it may also be an idle connection's. */
    static final class TimedOut {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (connection != null && (lease == null || lease.isEnded())) {
                connection.closing(CloseReason.IDLE_EVICTED);
            }
        }
    }

    /** {@code exception(conn, cause)}: closes the connection first, and tells the exchange then. */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object managed, @Advice.Argument(1) Exception cause) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null && cause != null) {
                lease.failed(cause);
            }
        }
    }

    /** {@code closed(conn)}: its session is closed, by whomever; of most the reason is known by now. */
    static final class Closed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            if (connection == null) {
                return;
            }
            Lease lease = connection.lease();
            if (lease != null && !lease.isEnded()) {
                connection.failedToOpen("org.apache.http.ConnectionClosedException");
                lease.exchangeFailed();
            }
            connection.gone();
        }
    }
}

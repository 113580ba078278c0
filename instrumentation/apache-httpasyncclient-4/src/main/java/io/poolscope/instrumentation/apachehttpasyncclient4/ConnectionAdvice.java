package io.poolscope.instrumentation.apachehttpasyncclient4;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import net.bytebuddy.asm.Advice;
import org.apache.http.Header;
import org.apache.http.HttpRequest;
import org.apache.http.nio.reactor.ssl.SSLIOSession;

/**
 * What happens to a connection: opened, written to, held back, found expired, closed. The pool gets one when TCP is
 * connected; tunnel and TLS follow when the first request is written.
 */
final class ConnectionAdvice {

    private ConnectionAdvice() {}

    /** {@code CPoolProxy.<init>(entry)}: what an exchange has of a leased entry. */
    static final class Proxied {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object proxy, @Advice.Argument(0) Object entry) {
            Carried.by(proxy, Carried.by(entry));
        }
    }

    /**
     * {@code ManagedNHttpClientConnectionImpl.bind(session)}: TLS is laid over the connection. The handshake goes on beside
     * the first request, which is handed over at once.
     */
    static final class Securing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed, @Advice.Argument(0) Object session) {
            Connection connection = session instanceof SSLIOSession ? (Connection) Carried.by(managed) : null;
            if (connection != null) {
                connection.securing();
                Carried.by(session, connection);
            }
        }
    }

    /**
     * {@code SSLIOSession.isAppOutputReady()}: true when the handshake is over, and something waits to be written: the head
     * of the first request.
     */
    static final class Secured {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object session, @Advice.Return boolean ready) {
            Connection connection = ready ? (Connection) Carried.by(session) : null;
            if (connection == null) {
                return;
            }
            Carried.by(session, null);
            connection.opened();
            Lease lease = connection.lease();
            if (lease != null && !lease.isEnded()) {
                lease.requestSent(null);
            }
        }
    }

    /**
     * {@code DefaultNHttpClientConnection.submitRequest(request)}: the headers are complete now, a tracer's among them. Of a
     * new connection the route is complete, but for a CONNECT to a proxy, which is a part of opening.
     */
    static final class RequestSubmitted {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed, @Advice.Argument(0) HttpRequest request) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease == null || request == null || lease.isEnded()) {
                return;
            }
            if (!connection.isOpen()
                    && "CONNECT".equals(request.getRequestLine().getMethod())) {
                return;
            }
            Header traceparent = request.getFirstHeader("traceparent");
            lease.traceparent(traceparent == null ? null : traceparent.getValue());
            if (connection.isSecuring()) {
                return;
            }
            if (!connection.isOpen()) {
                connection.opened();
            }
            lease.requestSent(null);
        }
    }

    /**
     * {@code NHttpConnectionBase.suspendInput()}, by the application: its consumer has enough for now. Also in threads of the
     * application.
     */
    static final class InputSuspended {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null) {
                lease.inputSuspended();
            }
        }
    }

    /** {@code NHttpConnectionBase.requestInput()}: the consumer goes on. */
    static final class InputRequested {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null) {
                lease.inputRequested();
            }
        }
    }

    /**
     * {@code NHttpConnectionBase.close()} and {@code shutdown()}: by the pool, by an exchange, or by a selector. A connection
     * is never opened again. A pool that is being closed forgets its leases; 4.0 does not tell their exchanges, which are
     * dropped without giving anything back.
     */
    static final class Closed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            if (connection == null) {
                return;
            }
            connection.gone();
            Lease lease = Scope.reason() == CloseReason.POOL_CLOSED ? connection.lease() : null;
            if (lease != null && !lease.isAbandoned()) {
                lease.takenBack();
            }
        }
    }

    /** {@code CPoolEntry.isExpired(now)}: under the pool's lock; whoever asks closes it if the answer is yes. */
    static final class Expired {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object entry, @Advice.Return boolean expired) {
            Connection connection = expired ? (Connection) Carried.by(entry) : null;
            if (connection != null) {
                connection.closing(CloseReason.EXPIRED);
            }
        }
    }
}

package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.util.Deadline;

/** What happens to a connection: opened, thrown away. */
final class ConnectionAdvice {

    private ConnectionAdvice() {}

    /**
     * {@code PoolEntry.assignConnection(connection)}. A blocking connection is not open yet, and the executor in core sees only
     * the connection. An asynchronous one is connected, and with TLS, unless that is being negotiated; what selectors see is
     * the session below, which it carries ({@link AsyncSessionAdvice.Wrapped}), and which carries the TLS session for as long
     * as that is negotiated. Behind a proxy it is open later, as a blocking one. Of two requests that share an entry (HTTP/2)
     * both may connect: while the entry has the first's connection, it refuses the second's with an exception.
     */
    static final class Assigned {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(
                @Advice.This Object entry,
                @Advice.Argument(0) Object managed,
                @Advice.FieldValue("connRef") AtomicReference<?> reference) {
            Connection connection = (Connection) Carried.by(entry);
            if (connection == null || reference.get() != null) {
                return;
            }
            Object session = Carried.by(managed);
            if (session == null || session instanceof Connection) {
                Carried.by(managed, connection);
                return;
            }
            Object negotiating = Carried.by(session);
            Carried.by(session, connection);
            Lease lease = connection.lease();
            connection.openingAnew();
            if (negotiating != null) {
                connection.securing();
            } else if (lease != null && connection.route().proxy() == null) {
                lease.opened();
            }
        }
    }

    /**
     * {@code connect(endpoint, …)} of a connection manager: TCP, and TLS where no proxy stands between. Behind a proxy the
     * connection is open when its tunnel is ({@link Upgraded}), or when the first request goes out ({@link
     * LeaseAdvice.Exchange}).
     */
    static final class Connecting {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.Argument(0) Object endpoint) {
            Lease lease = (Lease) Carried.by(endpoint);
            if (lease != null) {
                lease.connection().opening();
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Thrown Throwable thrown) {
            if (lease == null) {
                return;
            }
            if (thrown != null) {
                lease.connection().failedToOpen(thrown.getClass().getName());
            } else if (lease.route().proxy() == null) {
                lease.opened();
            }
        }
    }

    /** {@code upgrade(endpoint, context)} of a connection manager: TLS through a tunnel, or later on an open connection. */
    static final class Upgraded {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object endpoint, @Advice.Thrown Throwable thrown) {
            Lease lease = (Lease) Carried.by(endpoint);
            if (lease == null || !lease.connection().isOpening()) {
                return;
            }
            if (thrown == null) {
                lease.opened();
            } else {
                lease.connection().failedToOpen(thrown.getClass().getName());
            }
        }
    }

    /** {@code isStale()} of a connection: looks whether the server has closed it; a manager that asks closes it if so. */
    static final class StaleChecked {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object managed, @Advice.Return boolean stale, @Advice.Thrown Throwable thrown) {
            Connection connection = stale || thrown != null ? (Connection) Carried.by(managed) : null;
            if (connection != null) {
                connection.closing(CloseReason.SERVER_CLOSED);
            }
        }
    }

    /**
     * {@code PoolEntry.discardConnection(closeMode)}: every way of closing leads through this, and some twice. Of a lease that
     * nobody holds yet the manager has found that its connection is too old, if not {@link StaleChecked stale}. An entry may
     * get another connection later: what happens to the session of this one is none of its business any more.
     */
    static final class Discarded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(
                @Advice.This Object entry,
                @Advice.Argument(0) CloseMode mode,
                @Advice.FieldValue("connRef") AtomicReference<?> reference,
                @Advice.FieldValue("expiryDeadline") Deadline expiry) {
            Object session = Carried.by(reference.get());
            if (session != null && !(session instanceof Connection)) {
                Carried.by(session, null);
            }
            Connection connection = (Connection) Carried.by(entry);
            Lease lease = connection == null ? null : connection.lease();
            if (lease == null) {
                return;
            }
            if (!connection.isOpen()) {
                if (connection.isOpening() && lease.reason() != CloseReason.ABORTED && Scope.reason() == null) {
                    // Without a proxy: given up while an asynchronous client connects.
                    connection.failedToOpen(
                            connection.route().proxy() == null
                                    ? "java.util.concurrent.CancellationException"
                                    : "tunnel_refused");
                }
            } else if (connection.leases() == 0) {
                if (Scope.reason() == CloseReason.OVERFLOW && expiry.isExpired()) {
                    connection.closing(CloseReason.EXPIRED);
                }
                connection.closed(CloseReason.EXPIRED);
            } else if (!lease.isConfirmed()) {
                connection.closed(CloseReason.EXPIRED);
            } else {
                if (mode == CloseMode.GRACEFUL && lease.isClosingUndrained()) {
                    lease.closing(CloseReason.UNDRAINED);
                }
                connection.closed();
            }
        }
    }

    /**
     * {@code discardEntry(entry, preferred)} of OFFLOCK, which closes in a thread of its own: here it is still known why. The
     * entry does not count as the pool's any more.
     */
    static final class OffLockDiscarded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) PoolEntry<?, ?> entry) {
            Connection connection = (Connection) Carried.by(entry);
            if (connection == null || !connection.isOpen()) {
                return;
            }
            if (connection.leases() > 0) {
                connection.closed();
            } else {
                boolean expired = entry.getExpiryDeadline().isExpired();
                connection.closed(expired ? CloseReason.EXPIRED : CloseReason.OVERFLOW);
            }
        }
    }
}

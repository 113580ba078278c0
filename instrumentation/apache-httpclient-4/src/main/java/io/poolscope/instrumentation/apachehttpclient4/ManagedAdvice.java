package io.poolscope.instrumentation.apachehttpclient4;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import io.poolscope.model.Undrained;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpResponse;
import org.apache.http.conn.routing.HttpRoute;

/**
 * What happens to a {@code ManagedClientConnectionImpl}, which is what the client of 4.2 holds of a leased connection: it
 * connects, and it is given back or aborted. The {@code DefaultRequestDirector}, one for each request, drives it.
 */
final class ManagedAdvice {

    private ManagedAdvice() {}

    /** {@code <init>(manager, operator, entry)}: from here on the client's code holds the connection. */
    static final class Made {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object managed, @Advice.Argument(2) Object entry) {
            Connection connection = (Connection) Carried.by(entry);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null && !lease.isEnded()) {
                Carried.by(managed, lease);
                lease.heldBy(managed);
            }
        }
    }

    /**
     * {@code open(route, context, params)}: TCP, and TLS where no proxy stands between. It throws if the request was aborted
     * meanwhile; one that is aborted right after has given the connection back already, closed, and cannot close it again.
     */
    static final class Opening {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null) {
                lease.connection().opening();
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Enter Lease lease, @Advice.Argument(0) HttpRoute route, @Advice.Thrown Throwable thrown) {
            if (lease == null) {
                return;
            }
            Connection connection = lease.connection();
            if (thrown != null) {
                connection.failedToOpen(thrown.getClass().getName());
            } else if (!route.isTunnelled()) {
                connection.opened();
                if (lease.isEnded()) {
                    connection.closed();
                }
            }
        }
    }

    /**
     * {@code DefaultRequestDirector.establishRoute(route, context)}: what is left to do on an open connection, CONNECT and TLS
     * through the tunnel. A proxy that refuses ends here in a {@code TunnelRefusedException}; the client hands out the
     * proxy's answer instead of it.
     */
    static final class RouteEstablished {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.FieldValue("managedConn") Object managed, @Advice.Thrown Throwable thrown) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease == null) {
                return;
            }
            Connection connection = lease.connection();
            if (thrown != null) {
                connection.failedToOpen(thrown.getClass().getName());
            } else if (!connection.isOpen() && !lease.isEnded()) {
                connection.opened();
                if (lease.isEnded()) {
                    connection.closed();
                }
            }
        }
    }

    /** {@code close()} and {@code shutdown()}: past the pool's entry. They do nothing once it has been given back. */
    static final class Closed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null && !lease.isEnded()) {
                lease.connection().closed();
            }
        }
    }

    /**
     * {@code HttpPoolEntry.isClosed()}: asked by a pool that is about to lease it, and drops it if so. An abort at the moment when
     * the response had been read to its end has closed the connection, and the thread that read had marked it as one to keep.
     */
    static final class FoundClosed {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object entry, @Advice.Return boolean closed) {
            Connection connection = closed ? (Connection) Carried.by(entry) : null;
            if (connection != null && connection.leases() == 0) {
                connection.closed();
            }
        }
    }

    /**
     * {@code abortConnection()}: closes and gives back; {@code request.abort()} or a {@linkplain LeaseAdvice.Reset reset}, also
     * from another thread, also after the end; or the client itself, which has said why.
     */
    static final class Aborted {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object managed) {
            Lease lease = (Lease) Carried.by(managed);
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

    /** {@code DefaultRequestDirector.abortConnection()}: the request failed. */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("managedConn") Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null && !lease.isEnded()) {
                lease.closing(CloseReason.FAILED);
            }
        }
    }

    /**
     * {@code BasicManagedEntity.<init>(entity, managedConn, reuse)}: from here on the response holds the connection. Nobody but
     * the response refers to its entity, so that it goes along when that is dropped; the object around the connection may
     * stay, with a request that is kept and in a manager of one connection.
     */
    static final class Wrapped {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object entity, @Advice.Argument(1) Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null) {
                Carried.by(entity, lease);
                lease.heldBy(entity);
            }
        }
    }

    /**
     * {@code DefaultRequestDirector.execute(target, request, context)}: what is returned goes to the application; redirects
     * that the director made by itself are over. The response itself knows nothing of its connection.
     */
    static final class HandedOut {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Return HttpResponse response) {
            Lease lease = response == null ? null : (Lease) Carried.by(response.getEntity());
            if (lease != null) {
                lease.handedOut();
            }
        }
    }
}

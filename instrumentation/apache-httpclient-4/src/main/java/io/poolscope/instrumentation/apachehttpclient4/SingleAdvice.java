package io.poolscope.instrumentation.apachehttpclient4;

import io.poolscope.instrumentation.ClientId;
import io.poolscope.model.Carried;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Routes;
import io.poolscope.model.Scope;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpHost;
import org.apache.http.conn.ManagedClientConnection;
import org.apache.http.conn.routing.HttpRoute;

/**
 * What happens to a manager of one connection, {@code BasicHttpClientConnectionManager} and, in 4.2, {@code
 * BasicClientConnectionManager}: a pool of one, in which nobody waits. Who asks for the connection while it is out gets an
 * {@code IllegalStateException}.
 */
final class SingleAdvice {

    private SingleAdvice() {}

    /** Every constructor: they call each other, and the innermost is the first to end. */
    static final class Built {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object manager, @ClientId int client) {
            if (Carried.by(manager) == null) {
                Routes routes = Routes.open(Client.of(client), true);
                routes.pool().limit(1);
                routes.pool().routeLimit(1);
                Carried.by(manager, routes);
            }
        }
    }

    /** {@code requestConnection(route, state)} of either: says where the route leads, and does not ask yet. */
    static final class RouteAsked {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object manager, @Advice.Argument(0) HttpRoute route) {
            Routes routes = (Routes) Carried.by(manager);
            if (routes != null && route != null && !routes.knows(route)) {
                HttpHost target = route.getTargetHost();
                HttpHost proxy = route.getProxyHost();
                int port = target.getPort();
                if (port < 0) {
                    port = "https".equalsIgnoreCase(target.getSchemeName()) ? 443 : 80;
                }
                routes.describe(route, target.getHostName(), port, proxy == null ? null : proxy.toHostString());
            }
        }
    }

    /**
     * {@code BasicHttpClientConnectionManager.getConnection(route, state)}, under the manager's lock: hands out the connection
     * itself, which carries its latest lease.
     */
    static final class Asked {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(@Advice.This Object manager, @Advice.Argument(0) Object route) {
            Routes routes = (Routes) Carried.by(manager);
            return routes == null || route == null ? null : Wait.begin(routes.of(route));
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Wait wait, @Advice.Return Object managed, @Advice.Thrown Throwable thrown) {
            if (wait == null) {
                return;
            }
            if (thrown != null) {
                wait.ended(WaitOutcome.FAILED);
                return;
            }
            Lease before = (Lease) Carried.by(managed);
            Carried.by(managed, wait.granted(before == null ? new Connection(wait.route()) : before.connection()));
        }
    }

    /** {@code checkExpiry()}: closes what is too old. */
    static final class Expiring {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.EXPIRED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }

    /** {@code closeConnection()}, under the manager's lock. */
    static final class Closing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("conn") Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null) {
                lease.connection().closed();
            }
        }
    }

    /**
     * {@code BasicHttpClientConnectionManager.releaseConnection(conn, state, keepalive, timeUnit)}, under the manager's lock: a
     * connection that is not open any more has been forgotten at its end.
     */
    static final class Released {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Argument(0) Object managed,
                @Advice.FieldValue("conn") Object kept,
                @Advice.Thrown Throwable thrown) {
            Lease lease = thrown == null ? (Lease) Carried.by(managed) : null;
            if (lease == null || lease.isEnded()) {
                return;
            }
            if (kept == null) {
                lease.connection().closed();
            }
            lease.end();
            if (kept == null) {
                lease.connection().closed();
            }
        }
    }

    /** {@code shutdown()} and {@code close()}, which may call it: closes the connection, also where it is out. */
    static final class Shutdown {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter(@Advice.FieldValue("conn") Object managed) {
            CloseReason before = Scope.closing(CloseReason.POOL_CLOSED);
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null) {
                lease.connection().closed();
            }
            return before;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object manager, @Advice.Enter CloseReason before) {
            Scope.leave(before);
            Routes routes = (Routes) Carried.by(manager);
            if (routes != null) {
                routes.pool().closed();
            }
        }
    }

    /** {@code BasicClientConnectionManager.getConnection(route, state)}, in 4.2: makes a new object around the entry each time. */
    static final class AskedIn42 {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(@Advice.This Object manager, @Advice.Argument(0) Object route) {
            Routes routes = (Routes) Carried.by(manager);
            return routes == null || route == null ? null : Wait.begin(routes.of(route));
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Enter Wait wait,
                @Advice.Return Object managed,
                @Advice.FieldValue("poolEntry") Object entry,
                @Advice.Thrown Throwable thrown) {
            if (wait == null) {
                return;
            }
            if (thrown != null || entry == null) {
                wait.ended(WaitOutcome.FAILED);
                return;
            }
            Connection connection = (Connection) Carried.by(entry);
            if (connection == null) {
                connection = new Connection(wait.route());
                Carried.by(entry, connection);
            }
            Lease lease = wait.granted(connection);
            if (lease != null) {
                Carried.by(managed, lease);
                lease.heldBy(managed);
            }
        }
    }

    /** {@code BasicClientConnectionManager.shutdown()}, in 4.2: closes the entry, also where it is out. */
    static final class ShutdownIn42 {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.POOL_CLOSED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object manager, @Advice.Enter CloseReason before) {
            Scope.leave(before);
            Routes routes = (Routes) Carried.by(manager);
            if (routes != null) {
                routes.pool().closed();
            }
        }
    }

    /**
     * {@code BasicClientConnectionManager.releaseConnection(conn, keepalive, tunit)}, in 4.2: on the way in, because on the way
     * out another thread may have the entry already.
     */
    static final class ReleasedIn42 {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) ManagedClientConnection managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease == null || lease.isEnded()) {
                return;
            }
            boolean isReusable = managed.isMarkedReusable();
            if (!isReusable) {
                lease.connection().closed();
            }
            lease.end();
            if (!isReusable) {
                lease.connection().closed();
            }
        }
    }
}

package io.poolscope.instrumentation.apachehttpclient5;

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
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;

/**
 * What happens to a {@code BasicHttpClientConnectionManager}, which is a pool of one connection that nobody waits for: who
 * asks while it is out gets an exception. It carries its routes itself, and its connection what an entry of a pool does.
 */
final class BasicAdvice {

    private BasicAdvice() {}

    /** {@code <init>(…)}, each of which calls the next. */
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

    /**
     * {@code getConnection(route, state)}, under the manager's lock: closes what leads elsewhere, is too old or stale, and makes
     * another one, which is not open yet.
     */
    static final class Leasing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(@Advice.This Object manager, @Advice.Argument(0) HttpRoute route) {
            Routes routes = (Routes) Carried.by(manager);
            if (routes == null || route == null) {
                return null;
            }
            if (!routes.knows(route)) {
                HttpHost target = route.getTargetHost();
                HttpHost proxy = route.getProxyHost();
                routes.describe(
                        route,
                        target.getSchemeName(),
                        target.getHostName(),
                        target.getPort(),
                        proxy == null ? null : proxy.toHostString());
            }
            return Wait.begin(routes.of(route));
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Wait wait, @Advice.Return Object connection, @Advice.Thrown Throwable thrown) {
            if (wait == null) {
                return;
            }
            if (thrown == null) {
                wait.grantedWith(connection);
            } else {
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }

    /** {@code InternalConnectionEndpoint.<init>(route, connection)}: as that of a pooling manager ({@link LeaseAdvice.Held}). */
    static final class Held {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object endpoint, @Advice.FieldValue("connRef") AtomicReference<?> reference) {
            Connection connection = (Connection) Carried.by(reference.get());
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null && !lease.isEnded()) {
                lease.heldBy(endpoint);
                Carried.by(endpoint, lease);
            }
        }
    }

    /**
     * {@code close()} of the endpoint, which is graceful, and {@code close(closeMode)}: what discarding is to an entry of a pool
     * ({@link ConnectionAdvice.Discarded}).
     */
    static final class EndpointClosed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object endpoint, @Advice.AllArguments Object[] arguments) {
            Lease lease = (Lease) Carried.by(endpoint);
            if (lease == null || lease.isEnded()) {
                return;
            }
            Connection connection = lease.connection();
            if (!connection.isOpen()) {
                if (connection.isOpening() && lease.reason() != CloseReason.ABORTED && Scope.reason() == null) {
                    connection.failedToOpen("tunnel_refused");
                }
            } else {
                if (arguments.length == 0 && lease.isClosingUndrained()) {
                    lease.closing(CloseReason.UNDRAINED);
                }
                connection.closed();
            }
        }
    }

    /** {@code release(endpoint, …)}, under the manager's lock: it has no connection then if that was not to be kept. */
    static final class Release {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object endpoint, @Advice.FieldValue("conn") Object kept) {
            Lease lease = (Lease) Carried.by(endpoint);
            if (lease == null || lease.isEnded()) {
                return;
            }
            if (kept == null) {
                lease.connection().closed();
            }
            lease.end();
            if (kept == null && lease.connection().isOpen()) {
                lease.connection().closed();
            }
        }
    }

    /** {@code closeConnection(closeMode)}, under the manager's lock. */
    static final class Closed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("conn") Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            if (connection != null) {
                connection.closed();
            }
        }
    }
}

package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.instrumentation.ClientId;
import io.poolscope.model.CallSite;
import io.poolscope.model.Carried;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Routes;
import io.poolscope.model.Scope;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.pool.ConnPoolControl;

/**
 * What happens to {@code PoolingAsyncClientConnectionManager}: built, asked, told to connect, given back to. It asks its pool
 * with a callback, in which it may close what it finds too old, or ask a selector whether the server has closed it; what comes
 * of that is told to a future of its own. That future is where a request waits, whichever of the three pools is behind it, and
 * also where the pool is not asked at all, because a connection of HTTP/2 is shared.
 */
final class AsyncManagerAdvice {

    private AsyncManagerAdvice() {}

    /**
     * {@code <init>(…)}, each of which calls the next: its pool is there; one that {@linkplain Sharing shares connections}
     * carries the pool that has them.
     */
    static final class Built {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.FieldValue("pool") Object pool, @ClientId int client) {
            Object behind = Carried.by(pool);
            if (pool == null || behind instanceof Routes) {
                return;
            }
            Routes routes = Routes.open(Client.of(client), true);
            routes.askedThroughManager();
            if (pool instanceof ConnPoolControl) {
                int total = ((ConnPoolControl<?>) pool).getMaxTotal();
                routes.pool().limit(total > 0 ? total : Pool.NO_LIMIT);
                routes.pool().routeLimit(((ConnPoolControl<?>) pool).getDefaultMaxPerRoute());
            }
            Carried.by(pool, routes);
            Carried.by(behind, routes);
        }
    }

    /** {@code H2SharingConnPool.<init>(pool)}, from 5.5 on: shares connections of HTTP/2 that are leased from another pool. */
    static final class Sharing {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) Object behind) {
            Carried.by(pool, behind);
        }
    }

    /**
     * {@code lease(id, route, state, requestTimeout, callback)}: never waits; the callback may be called inside. In the
     * application's thread for the first request of an exchange; a redirect or another try has the call site of the one before.
     */
    static final class Leasing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(
                @Advice.FieldValue("pool") Object pool,
                @Advice.Argument(1) HttpRoute route,
                @Advice.Local("before") Wait before) {
            Routes routes = (Routes) Carried.by(pool);
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
            Wait wait = Wait.begin(routes.of(route));
            Object earlier = Carried.by(Scope.exchange(null));
            if (wait == null) {
                return null;
            }
            if (earlier instanceof CallSite) {
                wait.capturedAt((CallSite) earlier);
            } else {
                wait.capture();
            }
            before = Scope.asking(wait);
            return wait;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Enter Wait wait, @Advice.Local("before") Wait before, @Advice.Thrown Throwable thrown) {
            if (wait == null) {
                return;
            }
            Scope.asking(before);
            if (thrown != null) {
                // The pool has been closed.
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }

    /**
     * {@code InternalConnectionEndpoint.<init>(entry)}: what the client holds of a leased entry. It carries the entry until the
     * manager's future is completed with it ({@link WaitAdvice.Completed}), then the lease.
     */
    static final class Held {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object endpoint, @Advice.FieldValue("poolEntryRef") AtomicReference<?> reference) {
            Carried.by(endpoint, reference.get());
        }
    }

    /**
     * {@code connect(endpoint, …)}: begins to connect, and returns. It ends in {@link ConnectionAdvice.Assigned}, or in the
     * future that is made for it here first ({@link WaitAdvice.Made}).
     */
    static final class Connecting {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Connection enter(@Advice.Argument(0) Object endpoint, @Advice.Local("before") Object before) {
            Object state = Carried.by(endpoint);
            if (!(state instanceof Lease) || ((Lease) state).connection().isOpen()) {
                return null;
            }
            Connection connection = ((Lease) state).connection();
            connection.opening();
            before = Scope.exchange(connection);
            return connection;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Enter Connection connection,
                @Advice.Local("before") Object before,
                @Advice.Thrown Throwable thrown) {
            if (connection == null) {
                return;
            }
            Scope.exchange(before);
            if (thrown != null) {
                connection.failedToOpen(thrown.getClass().getName());
            }
        }
    }

    /** {@code execute(id, exchangeHandler, …)} of an endpoint: makes a command for the connection's selector. */
    static final class Executing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Object enter(@Advice.This Object endpoint) {
            return Scope.exchange(Carried.by(endpoint));
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Object before) {
            Scope.exchange(before);
        }
    }

    /**
     * {@code release(endpoint, …)}. Most leases end in the pool ({@link PoolAdvice.Release}); not of a connection that others
     * share, and not where the manager is closed, from 5.4 on: what OFFLOCK has out then stays open until it is collected, but
     * belongs to no pool any more.
     */
    static final class Released {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object endpoint) {
            Object state = Carried.by(endpoint);
            if (state instanceof Lease && ((Lease) state).connection().lease() != state) {
                // A later one is out, or was: the pool would take that for the one that comes back.
                ((Lease) state).end();
            }
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object endpoint) {
            Object state = Carried.by(endpoint);
            if (!(state instanceof Lease) || ((Lease) state).isEnded()) {
                return;
            }
            Lease lease = (Lease) state;
            if (lease.route().pool().isClosed()) {
                lease.connection().closed(CloseReason.POOL_CLOSED);
            }
            lease.end();
        }
    }
}

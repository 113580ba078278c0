package io.poolscope.instrumentation.apachehttpclient4;

import io.poolscope.instrumentation.ClientId;
import io.poolscope.model.Carried;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Routes;
import io.poolscope.model.Scope;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpHost;
import org.apache.http.conn.routing.HttpRoute;

/** What happens to the pool: built, asked, given back to, limited, closed. */
final class PoolAdvice {

    private PoolAdvice() {}

    /**
     * {@code CPool.<init>(connFactory, defaultMaxPerRoute, maxTotal, timeToLive, timeUnit)}: the pool of a connection
     * manager. Pools that are built on {@code AbstractConnPool} otherwise carry nothing and are not watched.
     */
    static final class Built {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object pool,
                @Advice.Argument(1) int defaultMaxPerRoute,
                @Advice.Argument(2) int maxTotal,
                @ClientId int client) {
            Routes routes = Routes.open(Client.of(client), true);
            routes.pool().limit(maxTotal);
            routes.pool().routeLimit(defaultMaxPerRoute);
            Carried.by(pool, routes);
        }
    }

    /** {@code HttpConnPool.<init>(log, connOperator, defaultMaxPerRoute, maxTotal, timeToLive, timeUnit)}, in 4.2: the same. */
    static final class BuiltIn42 {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object pool,
                @Advice.Argument(2) int defaultMaxPerRoute,
                @Advice.Argument(3) int maxTotal,
                @ClientId int client) {
            Routes routes = Routes.open(Client.of(client), true);
            routes.pool().limit(maxTotal);
            routes.pool().routeLimit(defaultMaxPerRoute);
            Carried.by(pool, routes);
        }
    }

    /**
     * {@code PoolingHttpClientConnectionManager.requestConnection(route, state)} and {@code setMaxPerRoute(route, max)}:
     * here a route can be read; the pool itself, in httpcore, knows it as an object only.
     */
    static final class RouteAsked {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("pool") Object pool, @Advice.Argument(0) HttpRoute route) {
            Routes routes = (Routes) Carried.by(pool);
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
     * {@code AbstractConnPool.getPoolEntryBlocking(route, state, timeout, timeUnit, future)}: a thread asks and waits. The
     * pool's lock is taken and given back inside; ours is not held by either end.
     */
    static final class Acquire {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(@Advice.This Object pool, @Advice.Argument(0) Object route) {
            Routes routes = (Routes) Carried.by(pool);
            return routes == null ? null : Wait.begin(routes.of(route));
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Wait wait, @Advice.Return Object entry, @Advice.Thrown Throwable thrown) {
            if (wait == null) {
                return;
            }
            if (thrown == null) {
                Connection connection = (Connection) Carried.by(entry);
                if (connection == null) {
                    connection = new Connection(wait.route());
                    Carried.by(entry, connection);
                }
                wait.granted(connection);
            } else if (thrown instanceof TimeoutException) {
                wait.ended(WaitOutcome.TIMEOUT);
            } else if (thrown instanceof InterruptedException
                    || (thrown instanceof ExecutionException && thrown.getCause() instanceof CancellationException)) {
                wait.ended(WaitOutcome.CANCELLED);
            } else {
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }

    /**
     * {@code AbstractConnPool.release(entry, reusable)}: on the way in, because on the way out another thread may have the
     * entry already. Called more than once for an entry, and also after the pool was closed.
     */
    static final class Release {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object entry, @Advice.Argument(1) boolean reusable) {
            Connection connection = (Connection) Carried.by(entry);
            Lease lease = connection == null ? null : connection.lease();
            if (lease == null || lease.isEnded()) {
                return;
            }
            if (!reusable) {
                connection.closed();
            }
            if (reusable || lease.isConfirmed()) {
                lease.end();
            } else {
                // From httpcore 4.4.6 on: a connection that validation found dead goes back, and the thread asks again.
                lease.takenBack();
            }
            if (!reusable) {
                // Again, for the thread that has just opened it and is aborted by this one: either it sees the end of
                // the
                // lease, or this sees it open.
                connection.closed();
            }
        }
    }

    /** {@code AbstractConnPool.shutdown()}: closes what is idle and what is leased, and forgets both. */
    static final class Shutdown {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.POOL_CLOSED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Enter CloseReason before) {
            Scope.leave(before);
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().closed();
            }
        }
    }

    /** {@code AbstractConnPool.closeIdle(idletime, timeUnit)}: closes, under the pool's lock, what has been idle for long. */
    static final class CloseIdle {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.IDLE_EVICTED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }

    /** {@code AbstractConnPool.setMaxTotal(max)}. */
    static final class MaxTotal {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().limit(max);
            }
        }
    }

    /** {@code AbstractConnPool.setDefaultMaxPerRoute(max)}. */
    static final class DefaultMaxPerRoute {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().routeLimit(max);
            }
        }
    }

    /** {@code AbstractConnPool.setMaxPerRoute(route, max)}; from 4.4.4 on, -1 takes the route's own limit away. */
    static final class MaxPerRoute {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) Object route, @Advice.Argument(1) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                Route limited = routes.of(route);
                limited.limit(max < 0 ? Pool.NO_LIMIT : max);
            }
        }
    }
}

package io.poolscope.instrumentation.apachehttpasyncclient4;

import io.poolscope.instrumentation.ClientId;
import io.poolscope.model.CallSite;
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
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpHost;
import org.apache.http.conn.routing.HttpRoute;

/** What happens to the pool: built, asked, given back to, limited, closed. */
final class PoolAdvice {

    private PoolAdvice() {}

    /**
     * {@code CPool.<init>(ioReactor, connFactory, addressResolver, defaultMaxPerRoute, maxTotal, timeToLive, timeUnit)}: the
     * pool of a connection manager. Pools that are built on {@code AbstractNIOConnPool} otherwise carry nothing and are not
     * watched.
     */
    static final class Built {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object pool,
                @Advice.Argument(3) int defaultMaxPerRoute,
                @Advice.Argument(4) int maxTotal,
                @ClientId int client) {
            Routes routes = Routes.open(Client.of(client), true);
            routes.pool().limit(maxTotal);
            routes.pool().routeLimit(defaultMaxPerRoute);
            Carried.by(pool, routes);
        }
    }

    /**
     * {@code PoolingNHttpClientConnectionManager.requestConnection(route, …)} and {@code setMaxPerRoute(route, max)}: here a
     * route can be read; the pool itself, in httpcore-nio, knows it as an object only.
     */
    static final class RouteAsked {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("pool") Object pool, @Advice.Argument(0) HttpRoute route) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null && route != null && !routes.knows(route)) {
                HttpHost target = route.getTargetHost();
                HttpHost proxy = route.getProxyHost();
                routes.describe(
                        route,
                        target.getSchemeName(),
                        target.getHostName(),
                        target.getPort(),
                        proxy == null ? null : proxy.toHostString());
            }
        }
    }

    /**
     * {@code AbstractNIOConnPool.lease(route, state, connectTimeout, leaseTimeout, timeUnit, callback)}: never waits; what
     * comes of it is told to the callback, perhaps before this returns, perhaps by another thread. The wait begins here and
     * not under the pool's lock, in which names are looked up.
     */
    static final class Leasing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(@Advice.This Object pool, @Advice.Argument(0) Object route) {
            Routes routes = (Routes) Carried.by(pool);
            Wait wait = routes == null ? null : Wait.begin(routes.of(route));
            // Nothing was there: what asks takes it at once (RequestAdvice.Made), before anything is called back.
            Scope.asking(wait);
            if (wait == null) {
                return null;
            }
            Object exchange = Scope.exchange();
            Object before = Carried.by(exchange);
            if (before == null) {
                wait.capture();
            } else {
                // A redirect, or another try, in a thread of the library.
                wait.capturedAt(before instanceof CallSite ? (CallSite) before : CallSite.NOT_TAKEN);
            }
            // Null where somebody asks the connection manager without a client.
            Carried.by(exchange, wait);
            return wait;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Wait wait, @Advice.Thrown Throwable thrown) {
            if (wait != null && thrown != null) {
                // The pool, or its selector, has been shut down.
                Scope.asking(null);
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }

    /**
     * {@code AbstractNIOConnPool.release(entry, reusable)}: on the way in, because on the way out somebody else may have the
     * entry already. The entry is null where a request had given up; also called after the pool was closed.
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
                // Not open yet: given up while its tunnel or its TLS was being made.
                connection.failedToOpen("java.util.concurrent.CancellationException");
                connection.gone();
            }
            lease.returned();
        }
    }

    /** {@code AbstractNIOConnPool.shutdown(waitMs)}: closes what is idle and what is leased, and forgets who waits. */
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

    /** {@code AbstractNIOConnPool.closeIdle(idletime, timeUnit)}: closes, under the pool's lock, what was idle for long. */
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

    /** {@code AbstractNIOConnPool.processPendingRequests()}: after an eviction; what is closed here has to make room. */
    static final class ServingTheQueue {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(null);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }

    /** {@code AbstractNIOConnPool.setMaxTotal(max)}. */
    static final class MaxTotal {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().limit(max);
            }
        }
    }

    /** {@code AbstractNIOConnPool.setDefaultMaxPerRoute(max)}. */
    static final class DefaultMaxPerRoute {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().routeLimit(max);
            }
        }
    }

    /** {@code AbstractNIOConnPool.setMaxPerRoute(route, max)}; -1 takes the route's own limit away, where it is taken. */
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

package io.poolscope.instrumentation.apachehttpclient5;

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
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.pool.ConnPoolControl;

/** What happens to a pool: built, asked, given back to, limited, closed. */
final class PoolAdvice {

    private PoolAdvice() {}

    /**
     * {@code <init>(…)} of a connection manager, each of which calls the next: its pool is there. Pools that are built by
     * others (core's own requesters) carry nothing and are not watched. The pool is asked for its limits because nobody else
     * has it yet, so that its lock is free; 0 is none.
     */
    static final class Built {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.FieldValue("pool") Object pool, @ClientId int client) {
            if (pool == null || Carried.by(pool) != null) {
                return;
            }
            Routes routes = Routes.open(Client.of(client), true);
            if (pool instanceof ConnPoolControl) {
                int total = ((ConnPoolControl<?>) pool).getMaxTotal();
                routes.pool().limit(total > 0 ? total : Pool.NO_LIMIT);
                routes.pool().routeLimit(((ConnPoolControl<?>) pool).getDefaultMaxPerRoute());
            }
            Carried.by(pool, routes);
        }
    }

    /** {@code lease(id, route, …)} of a manager: here a route can be read; the pool, in core, knows it as an object only. */
    static final class RouteAsked {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("pool") Object pool, @Advice.Argument(1) HttpRoute route) {
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

    /** {@code setMaxPerRoute(route, max)} of a manager, before that of the pool ({@link MaxPerRoute}). */
    static final class RouteLimited {
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
     * {@code lease(route, state, requestTimeout, callback)} of a pool: never waits for a connection, though STRICT may wait for
     * its lock. The wait goes on in the future that the pool makes for it ({@link WaitAdvice.Made}). OFFLOCK makes none where
     * it has a connection at once: then what it returns is complete, and the callback has been called. Who asks through the
     * asynchronous manager waits there ({@link AsyncManagerAdvice.Leasing}).
     */
    static final class Leasing {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(
                @Advice.This Object pool, @Advice.Argument(0) Object route, @Advice.Local("before") Wait before) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes == null || route == null || routes.isAskedThroughManager()) {
                return null;
            }
            Wait wait = Wait.begin(routes.of(route));
            before = wait == null ? null : Scope.asking(wait);
            return wait;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.Enter Wait wait,
                @Advice.Local("before") Wait before,
                @Advice.Return Object future,
                @Advice.Thrown Throwable thrown) {
            if (wait == null) {
                return;
            }
            boolean goesOn = Scope.asking(before) != wait;
            if (thrown != null) {
                wait.ended(WaitOutcome.FAILED);
            } else if (!goesOn && future instanceof CompletableFuture) {
                Object entry = ((CompletableFuture<?>) future).getNow(null);
                if (entry != null) {
                    wait.grantedWith(entry);
                }
            }
        }
    }

    /**
     * {@code release(entry, reusable)}: on the way in, because on the way out another thread may have the entry already.
     * Called also after the pool was closed, when STRICT and LAX have closed what is out, and OFFLOCK closes it now.
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
            } else if (connection.route().pool().isClosed()) {
                connection.closed(CloseReason.POOL_CLOSED);
            }
            lease.end();
            if (!reusable && connection.isOpen()) {
                // Aborted while it was being opened, which has been noted only now.
                connection.closed();
            }
        }
    }

    /**
     * {@code release(endpoint, …)} of a pooling manager: from 5.4 on it does nothing once the manager is closed. What OFFLOCK
     * has out then stays open until it is collected, but belongs to no pool any more.
     */
    static final class ReleasedByManager {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object endpoint) {
            Lease lease = (Lease) Carried.by(endpoint);
            if (lease != null && !lease.isEnded()) {
                lease.connection().closed(CloseReason.POOL_CLOSED);
                lease.end();
            }
        }
    }

    /** {@code close(closeMode)}: STRICT and LAX close what is idle and what is leased, OFFLOCK what is idle. */
    static final class Closing {
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

    /**
     * {@code processPendingRequest(request)} of STRICT, under its lock: what is closed in here has to make room, or has been
     * found too old.
     */
    static final class Serving {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.OVERFLOW);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }

    /** {@code closeIdle(idleTime)} of a pool: closes, in STRICT under its lock, what has been idle for long. */
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

    /**
     * {@code closeExpired()} of a connection manager. Not of the pool: from 5.2 on managers override the pool's, because the
     * time to live may be set for each route.
     */
    static final class CloseExpired {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.EXPIRED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }

    /** {@code setMaxTotal(max)} of STRICT and of OFFLOCK, which makes 1 of what is less; LAX has no such limit. */
    static final class MaxTotal {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().limit(Math.max(1, max));
            }
        }
    }

    /** {@code setDefaultMaxPerRoute(max)}; LAX keeps to the old one for routes that it has seen ({@link LaxRouteMade}). */
    static final class DefaultMaxPerRoute {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                routes.pool().routeLimit(Math.max(1, max));
            }
        }
    }

    /** {@code setMaxPerRoute(route, max)} of STRICT: -1 takes the route's own limit away, 0 lets nobody pass. */
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

    /** {@code setMaxPerRoute(route, max)} of OFFLOCK: 0 takes the route's own limit away, too. */
    static final class OffLockMaxPerRoute {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object pool, @Advice.Argument(0) Object route, @Advice.Argument(1) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                Route limited = routes.of(route);
                limited.limit(max <= 0 ? Pool.NO_LIMIT : max);
            }
        }
    }

    /** {@code setMaxPerRoute(route, max)} of LAX: -1 sets the default of now. */
    static final class LaxMaxPerRoute {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object pool,
                @Advice.FieldValue("defaultMaxPerRoute") int otherwise,
                @Advice.Argument(0) Object route,
                @Advice.Argument(1) int max) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                Route limited = routes.of(route);
                limited.limit(max < 0 ? otherwise : max);
            }
        }
    }

    /**
     * {@code PerRoutePool.<init>(route, max, …, connPoolStats, …)} of LAX, whose fifth parameter is the pool: a route that is
     * asked for keeps the default that holds then. One of which only statistics are asked has not been described, and
     * stays unknown.
     */
    static final class LaxRouteMade {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.Argument(0) Object route, @Advice.Argument(1) int max, @Advice.Argument(4) Object pool) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null && routes.knows(route)) {
                Route limited = routes.of(route);
                limited.limit(max);
            }
        }
    }
}

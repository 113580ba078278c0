package io.poolscope.instrumentation.okhttp;

import io.poolscope.instrumentation.ClientId;
import io.poolscope.model.Carried;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Routes;
import io.poolscope.model.Scope;
import net.bytebuddy.asm.Advice;
import okhttp3.Protocol;

/** What happens to the pool: built, filled, cleaned up, emptied. */
final class PoolAdvice {

    private PoolAdvice() {}

    /**
     * {@code RealConnectionPool.<init>(…)}: by the application, or by the builder of a client. Constructors with default
     * arguments call the one without.
     */
    static final class Built {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object pool,
                @Advice.FieldValue("maxIdleConnections") int maxIdleConnections,
                @Advice.FieldValue("keepAliveDurationNs") long keepAlive,
                @ClientId int client) {
            if (Carried.by(pool) == null) {
                Routes routes = Routes.prepare(Client.of(client), false);
                routes.pool().idleLimit(maxIdleConnections);
                routes.pool().keepAlive(keepAlive);
                Carried.by(pool, routes);
            }
        }
    }

    /** {@code ConnectionPool.<init>(…)}: what applications and clients have of a pool. */
    static final class Wrapped {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object wrapper, @Advice.FieldValue("delegate") Object pool) {
            Carried.by(wrapper, Carried.by(pool));
        }
    }

    /**
     * {@code put(connection)}, under the lock: it is connected, TLS and tunnel included, and from here on the pool counts it.
     * One that lost a race (another address was faster, or HTTP/2 turned out to serve both) never comes here.
     */
    static final class Put {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) okhttp3.Connection connection) {
            Connection opened = (Connection) Carried.by(connection);
            if (opened == null) {
                return;
            }
            Protocol protocol = connection.protocol();
            if (protocol == Protocol.HTTP_2 || protocol == Protocol.H2_PRIOR_KNOWLEDGE) {
                opened.multiplexed();
            }
            opened.opened();
        }
    }

    /**
     * {@code cleanup(now)}, from 5.0 on {@code closeConnections(now)}: forgets calls that were collected, then closes one
     * connection that has been idle for too long, or is one too many.
     */
    static final class CleanUp {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.IDLE_EVICTED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }

    /** {@code evictAll()}: closes what is idle. It is how an application closes a pool, and the pool can still be used. */
    static final class EvictAll {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CloseReason enter() {
            return Scope.closing(CloseReason.POOL_CLOSED);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter CloseReason before) {
            Scope.leave(before);
        }
    }
}

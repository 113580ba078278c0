package io.poolscope.instrumentation.okhttp;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Routes;
import io.poolscope.model.Scope;
import java.util.Collection;
import net.bytebuddy.asm.Advice;
import okhttp3.HttpUrl;

/** What happens to a connection: made, connected, checked, taken out of the pool. */
final class ConnectionAdvice {

    private ConnectionAdvice() {}

    /** {@code RealConnection.<init>(…)}: before connecting up to 4.12, after it from 5.0 on. */
    static final class Made {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object connection,
                @Advice.FieldValue("connectionPool") Object pool,
                @Advice.FieldValue("route") okhttp3.Route route) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                HttpUrl origin = route.address().url();
                Carried.by(connection, new Connection(routes.to(origin.host(), origin.port(), route.proxy())));
            }
        }
    }

    /** {@code RealConnection.connect(…)}, up to 4.12: TCP, tunnel and TLS, with its fallbacks. No lock is held. */
    static final class Connecting {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Connection enter(@Advice.This Object connection) {
            Connection opening = (Connection) Carried.by(connection);
            if (opening != null) {
                opening.opening();
            }
            return opening;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Connection opening, @Advice.Thrown Throwable thrown) {
            if (opening != null && thrown != null) {
                // A RouteException tells the error as its cause.
                Throwable error =
                        thrown instanceof RuntimeException && thrown.getCause() != null ? thrown.getCause() : thrown;
                opening.failedToOpen(error.getClass().getName());
            }
        }
    }

    /** {@code ConnectPlan.connectTcp()}, from 5.0 on: in a thread of OkHttp's own, unless fast fallback is off. */
    static final class PlanConnecting {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(
                @Advice.This Object plan,
                @Advice.FieldValue("connectionPool") Object pool,
                @Advice.FieldValue("route") okhttp3.Route route) {
            Routes routes = (Routes) Carried.by(pool);
            if (routes != null) {
                HttpUrl origin = route.address().url();
                Connection attempt = new Connection(routes.to(origin.host(), origin.port(), route.proxy()));
                attempt.opening();
                Carried.by(plan, attempt);
            }
        }
    }

    /** {@code ConnectResult.<init>(plan, nextPlan, throwable)}, from 5.0 on: what came of a step of connecting. */
    static final class PlanFailed {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object plan, @Advice.Argument(2) Throwable error) {
            Connection attempt = error == null ? null : (Connection) Carried.by(plan);
            if (attempt != null) {
                attempt.failedToOpen(error.getClass().getName());
            }
        }
    }

    /** {@code ConnectPlan.connectTlsEtc()}, from 5.0 on: has made the connection, if all went well. */
    static final class PlanConnected {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object plan, @Advice.FieldValue("connection") Object made) {
            Connection attempt = (Connection) Carried.by(plan);
            Connection connection = (Connection) Carried.by(made);
            if (attempt != null && connection != null) {
                connection.openingSince(attempt);
            }
        }
    }

    /** {@code FastFallbackExchangeFinder.cancelInFlightConnects()}, from 5.0 on: one address answered, the others lose. */
    static final class RaceWon {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("tcpConnectsInFlight") Collection<?> losers) {
            for (Object plan : losers) {
                Connection attempt = (Connection) Carried.by(plan);
                if (attempt != null) {
                    attempt.abandoned();
                }
            }
        }
    }

    /**
     * {@code socket()}: asked for by whoever is about to close it, and by the curious. Inside {@link PoolAdvice.CleanUp} and
     * {@link PoolAdvice.EvictAll} only the connection that is being closed is asked, and it is out of the pool by then.
     */
    static final class Evicted {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object connection) {
            CloseReason why = Scope.reason();
            Connection evicted = why == null ? null : (Connection) Carried.by(connection);
            if (evicted == null) {
                return;
            }
            if (why == CloseReason.IDLE_EVICTED) {
                evicted.evicted();
            } else if (why == CloseReason.POOL_CLOSED) {
                evicted.closed();
            }
        }
    }

    /**
     * {@code isHealthy(doExtensiveChecks)}: asked when the connection has just been taken from the pool, and from 5.0 on also
     * when a call goes on with the one it has: then the call may know the reason better. No lock is held.
     */
    static final class Checked {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object connection, @Advice.Return boolean healthy) {
            Connection dead = healthy ? null : (Connection) Carried.by(connection);
            Lease lease = dead == null ? null : dead.lease();
            if (dead != null && (lease == null || lease.isEnded() || lease.reason() == null)) {
                dead.closing(CloseReason.SERVER_CLOSED);
            }
        }
    }

    /**
     * {@code noNewExchanges()}: it will be closed when its last call leaves. Of HTTP/1, and while a body is being closed, this
     * means that the rest could not be read within 100 ms.
     */
    static final class NoNewExchanges {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object connection) {
            Connection doomed = (Connection) Carried.by(connection);
            Lease lease = doomed == null ? null : doomed.lease();
            if (lease != null && lease.isClosingUndrained()) {
                lease.closing(CloseReason.UNDRAINED);
            }
        }
    }

    /** {@code onSettings(…)} of HTTP/2, in the connection's reader thread. Without a limit it is the greatest int. */
    static final class Settings {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object connection, @Advice.FieldValue("allocationLimit") int streams) {
            Connection limited = (Connection) Carried.by(connection);
            if (limited != null && streams != Integer.MAX_VALUE) {
                limited.route().streamLimit(streams);
            }
        }
    }
}

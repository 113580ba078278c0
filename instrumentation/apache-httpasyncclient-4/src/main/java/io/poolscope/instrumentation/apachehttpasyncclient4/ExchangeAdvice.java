package io.poolscope.instrumentation.apachehttpasyncclient4;

import io.poolscope.model.CallSite;
import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import net.bytebuddy.asm.Advice;

/**
 * What an exchange does: a request and its response, with redirects and other tries, which may need a connection each. Its
 * class is {@code AbstractClientExchangeHandler}, in 4.0 {@code DefaultClientExchangeHandlerImpl}.
 */
final class ExchangeAdvice {

    private ExchangeAdvice() {}

    /** {@code requestConnection()}: in the application's thread for the first request of an exchange. */
    static final class Asking {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Object enter(@Advice.This Object exchange) {
            return Scope.exchange(exchange);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Object before) {
            Scope.exchange(before);
        }
    }

    /**
     * {@code connectionAllocated(managedConn)}: the exchange has its connection; inside this, a selector is told to write the
     * request. One that was cancelled meanwhile gives the connection back, and nobody had waited for that.
     */
    static final class Allocated {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange, @Advice.Argument(0) Object managed) {
            Connection connection = (Connection) Carried.by(managed);
            Lease lease = connection == null ? null : connection.lease();
            if (lease != null && lease.waited() >= 0) {
                Carried.by(exchange, lease);
                lease.heldBy(exchange);
            }
        }
    }

    /**
     * {@code releaseConnection()}: after the end of a response, or because the consumer has said that it is done before that;
     * then the connection is closed. Called again without harm.
     */
    static final class Released {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange) {
            Object state = Carried.by(exchange);
            if (state instanceof Lease) {
                Lease lease = (Lease) state;
                if (lease.isClosingUndrained()) {
                    lease.leftUndrained();
                }
                CallSite settled = lease.settledSite();
                Carried.by(exchange, settled == null ? CallSite.NOT_TAKEN : settled);
            }
        }
    }

    /** {@code discardConnection()}: after a failure or a cancellation, and before another try; the connection is closed. */
    static final class Discarded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange) {
            Object state = Carried.by(exchange);
            if (state instanceof Lease) {
                CallSite settled = ((Lease) state).settledSite();
                Carried.by(exchange, settled == null ? CallSite.NOT_TAKEN : settled);
            }
        }
    }

    /** {@code failed(exception)}: also one that a selector found. */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange, @Advice.Argument(0) Exception exception) {
            Object state = Carried.by(exchange);
            if (state instanceof Lease) {
                ((Lease) state).failed(exception);
            }
        }
    }

    /**
     * {@code cancel()}: by the application, from any thread and at any time. 4.0 leaves a request that waits in the queue,
     * and gives the connection back when it comes; from 4.1 on this cancels the request for a connection.
     */
    static final class Cancelled {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object exchange) {
            Object state = Carried.by(exchange);
            Lease lease = null;
            if (state instanceof Lease) {
                lease = (Lease) state;
            } else if (state instanceof Wait) {
                ((Wait) state).ended(WaitOutcome.CANCELLED);
                lease = ((Wait) state).lease();
            }
            if (lease != null && !lease.isEnded()) {
                lease.closing(CloseReason.ABORTED);
            }
        }
    }
}

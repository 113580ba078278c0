package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.asm.Advice;

/**
 * What happens to the future in which a request waits for a connection: a {@code BasicFuture} of STRICT and LAX, a {@code
 * Waiter} of OFFLOCK. {@code BasicFuture} is used for much else; only those carry a wait that a pool has made for one.
 */
final class WaitAdvice {

    private WaitAdvice() {}

    /** {@code <init>(…)}: the first one that is made while a pool is asked is the one in which the request waits. */
    static final class Made {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object future) {
            Wait wait = Scope.takeAsking();
            if (wait != null) {
                Carried.by(future, wait);
            }
        }
    }

    /**
     * {@code BasicFuture.completed(entry)}: in the thread that asks, or in one that gives back. On the way in, because a
     * callback goes on with the entry inside. Refused if it was cancelled, and the pool takes the entry back.
     *
     * <p>Where the waiting thread was interrupted, versions up to 5.2 leave the future in the pool's queue: then nobody takes
     * the entry from it, and it is lost to the pool for good.
     */
    static final class Completed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(
                @Advice.This Object future,
                @Advice.Argument(0) Object entry,
                @Advice.FieldValue("completed") boolean completed) {
            Wait wait = completed || entry == null ? null : (Wait) Carried.by(future);
            if (wait == null) {
                return null;
            }
            Lease lease = wait.grantedWith(entry);
            if (lease == null) {
                lease = Lease.begin((Connection) Carried.by(entry));
                if (lease != null) {
                    lease.unclaimed(future);
                }
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Return boolean taken, @Advice.Thrown Throwable thrown) {
            if (lease != null && thrown == null && !taken) {
                lease.takenBack();
            }
        }
    }

    /** {@code BasicFuture.failed(exception)}: a {@code DeadlineTimeoutException} if the time allowed is over. */
    static final class Failed {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object future, @Advice.Argument(0) Exception why, @Advice.Return boolean hasFailed) {
            Wait wait = hasFailed ? (Wait) Carried.by(future) : null;
            if (wait != null) {
                wait.ended(why instanceof TimeoutException ? WaitOutcome.TIMEOUT : WaitOutcome.FAILED);
            }
        }
    }

    /**
     * {@code BasicFuture.cancel(mayInterruptIfRunning)}: by who waits, when his time is over, by the application, or by LAX as
     * it is closed. If a connection has come before, some versions forget it: at a timeout core up to 5.3, at an abort the client 5.0.
     */
    static final class Cancelled {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object future,
                @Advice.Return boolean isCancelled,
                @Advice.FieldValue("result") Object entry) {
            Wait wait = (Wait) Carried.by(future);
            if (wait == null) {
                return;
            }
            if (isCancelled) {
                boolean byThePool = Scope.reason() == CloseReason.POOL_CLOSED;
                wait.ended(byThePool ? WaitOutcome.FAILED : WaitOutcome.CANCELLED);
            } else if (entry != null) {
                Connection connection = (Connection) Carried.by(entry);
                if (connection != null && connection.lease() != null) {
                    connection.lease().unclaimed(future);
                }
            }
        }
    }

    /** {@code BasicFuture.get(…)}: who finds that his time is over cancels next. */
    static final class Got {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(
                @Advice.This Object future,
                @Advice.Thrown Throwable thrown,
                @Advice.FieldValue("result") Object entry) {
            Wait wait = thrown == null ? null : (Wait) Carried.by(future);
            if (wait == null) {
                return;
            }
            if (thrown instanceof TimeoutException) {
                wait.outOfTime();
            } else if (thrown instanceof InterruptedException) {
                wait.ended(WaitOutcome.CANCELLED);
                Connection connection = (Connection) Carried.by(entry);
                if (connection != null && connection.lease() != null) {
                    connection.lease().unclaimed(future);
                }
            }
        }
    }

    /**
     * {@code Waiter.get(timeout, unit)} of OFFLOCK, in the thread that waits, which has cancelled it if its time is over. A
     * timer may have been faster, and fails it then; a pool that is closed fails it in the same way.
     */
    static final class OffLockGot {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object waiter, @Advice.Return Object entry, @Advice.Thrown Throwable thrown) {
            Wait wait = (Wait) Carried.by(waiter);
            if (wait == null) {
                return;
            }
            Throwable cause = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
            if (entry != null) {
                wait.grantedWith(entry);
            } else if (cause instanceof TimeoutException && !"Pool closed".equals(cause.getMessage())) {
                wait.ended(WaitOutcome.TIMEOUT);
            } else if (cause instanceof InterruptedException || cause instanceof CancellationException) {
                wait.ended(WaitOutcome.CANCELLED);
            } else {
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }
}

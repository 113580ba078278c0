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
import org.apache.hc.core5.pool.PoolEntry;

/**
 * What happens to the future in which a request waits for a connection: a {@code BasicFuture} of STRICT and LAX, a {@code
 * Waiter} of OFFLOCK, and the {@code BasicFuture} of the asynchronous manager, whatever its pool. It carries the wait, a
 * {@code BasicFuture} from its grant on the lease; that of an asynchronous connect the connection. {@code BasicFuture} is used
 * for much else; only those that are made for a wait or a connect carry anything.
 */
final class WaitAdvice {

    private WaitAdvice() {}

    /**
     * {@code <init>(…)}: the first one that is made while a pool is asked is the one in which the request waits; the first one
     * while the asynchronous manager is told to connect is the one that is told how that went.
     */
    static final class Made {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object future) {
            Wait wait = Scope.takeAsking();
            if (wait != null) {
                Carried.by(future, wait);
            } else if (Scope.exchange() instanceof Connection) {
                Carried.by(future, Scope.exchange(null));
            }
        }
    }

    /**
     * {@code BasicFuture.completed(entry)}: in the thread that asks, or in one that gives back. On the way in, because a
     * callback goes on with the entry inside. Refused if it was cancelled, and the pool takes the entry back.
     *
     * <p>Where the waiting thread was interrupted, versions up to 5.2 leave the future in the pool's queue: then nobody takes
     * the entry from it, and it is lost to the pool for good.
     *
     * <p>The asynchronous manager completes its future with an endpoint, which carries the entry ({@link
     * AsyncManagerAdvice.Held}). If that future had been cancelled, nobody has the endpoint, and the pool never gets it back.
     */
    static final class Completed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(
                @Advice.This Object future,
                @Advice.Argument(0) Object entry,
                @Advice.FieldValue("completed") boolean completed) {
            Object state = entry == null ? null : Carried.by(future);
            if (!(state instanceof Wait)) {
                return null;
            }
            Object held = Carried.by(entry);
            if (held instanceof PoolEntry) {
                Lease granted = ((Wait) state).grantedWith(held);
                if (granted == null) {
                    granted = Lease.begin((Connection) Carried.by(held));
                }
                Carried.by(future, null);
                Carried.by(entry, granted);
                if (granted != null && completed) {
                    granted.unclaimed(entry);
                } else if (granted != null) {
                    granted.heldBy(entry);
                }
                return null;
            }
            if (completed) {
                return null;
            }
            Lease lease = ((Wait) state).grantedWith(entry);
            if (lease == null) {
                lease = Lease.begin((Connection) Carried.by(entry));
                if (lease != null) {
                    lease.unclaimed(future);
                }
            }
            Carried.by(future, lease);
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Return boolean taken, @Advice.Thrown Throwable thrown) {
            if (lease != null && thrown == null && !taken) {
                lease.takenBack();
            }
        }
    }

    /**
     * {@code BasicFuture.failed(exception)}: a {@code DeadlineTimeoutException} of STRICT and LAX, a {@code TimeoutException} of
     * OFFLOCK if the time allowed is over, which OFFLOCK says of a pool that is closed, too. On the way in, because a callback
     * may try again inside.
     */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(
                @Advice.This Object future,
                @Advice.Argument(0) Exception why,
                @Advice.FieldValue("completed") boolean completed) {
            Object state = completed || why == null ? null : Carried.by(future);
            if (state instanceof Connection) {
                ((Connection) state).failedToOpen(why.getClass().getName());
            } else if (state instanceof Wait) {
                if (why instanceof TimeoutException && !"Pool closed".equals(why.getMessage())) {
                    ((Wait) state).ended(WaitOutcome.TIMEOUT);
                } else {
                    ((Wait) state)
                            .ended(why instanceof CancellationException ? WaitOutcome.CANCELLED : WaitOutcome.FAILED);
                }
            }
        }
    }

    /**
     * {@code BasicFuture.cancel(mayInterruptIfRunning)}: by who waits, when his time is over, by the application, or by LAX as
     * it is closed. If a connection has come before, some versions forget it: core up to 5.3 at a timeout, the client 5.0 at
     * an abort.
     */
    static final class Cancelled {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object future, @Advice.Return boolean isCancelled) {
            Object state = Carried.by(future);
            if (state instanceof Lease && !isCancelled) {
                ((Lease) state).unclaimed(future);
            } else if (state instanceof Wait && isCancelled) {
                boolean byThePool = Scope.reason() == CloseReason.POOL_CLOSED;
                ((Wait) state).ended(byThePool ? WaitOutcome.FAILED : WaitOutcome.CANCELLED);
            } else if (state instanceof Connection && isCancelled) {
                ((Connection) state).failedToOpen("java.util.concurrent.CancellationException");
            }
        }
    }

    /** {@code BasicFuture.get(…)}: who finds that his time is over cancels next; who is interrupted takes nothing any more. */
    static final class Got {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.This Object future, @Advice.Thrown Throwable thrown) {
            Object state = thrown == null ? null : Carried.by(future);
            if (state instanceof Lease) {
                if (thrown instanceof InterruptedException) {
                    ((Lease) state).unclaimed(future);
                }
            } else if (state instanceof Wait) {
                if (thrown instanceof TimeoutException) {
                    ((Wait) state).outOfTime();
                } else if (thrown instanceof InterruptedException) {
                    ((Wait) state).ended(WaitOutcome.CANCELLED);
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

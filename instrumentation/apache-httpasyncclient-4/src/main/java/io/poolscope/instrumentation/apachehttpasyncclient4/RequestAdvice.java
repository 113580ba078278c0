package io.poolscope.instrumentation.apachehttpasyncclient4;

import io.poolscope.model.CallSite;
import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.apache.http.pool.PoolEntry;

/**
 * What becomes of a request for a connection: granted an idle one, or a place in which to connect, or nothing. The pool's
 * future carries the wait until it is completed; other futures of the library carry nothing. What a timeout means: the pool
 * looks at its queue only when something else happens to it, so that a wait may last much longer than it was allowed to.
 */
final class RequestAdvice {

    private RequestAdvice() {}

    /** {@code LeaseRequest.<init>(route, state, connectTimeout, leaseTimeout, future)}, inside {@code lease}. */
    static final class Made {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Argument(4) Object future) {
            Wait wait = Scope.takeAsking();
            if (wait != null) {
                Carried.by(future, wait);
            }
        }
    }

    /** {@code InternalAddressResolver.resolveRemoteAddress(route)}: under the pool's lock, before it connects. */
    static final class Resolving {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter() {
            Scope.resolving();
        }
    }

    /**
     * {@code RouteSpecificPool.addPending(sessionRequest, future)}, under the pool's lock: a selector has been told to
     * connect, and cannot tell how it went before the lock is given back. The place in the pool is taken from here on, also
     * for a request that has given up (4.0 goes on connecting for it).
     */
    static final class Connecting {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object sessionRequest, @Advice.Argument(1) Object future) {
            Wait wait = (Wait) Carried.by(future);
            if (wait != null) {
                long since = Scope.connectingSince();
                Connection connection = new Connection(wait.route());
                connection.openingSince(since);
                Carried.by(sessionRequest, wait.taken(connection, since));
            }
        }
    }

    /**
     * {@code RouteSpecificPool.completed(sessionRequest, entry)}, under the pool's lock: connected. Where it returns whether
     * somebody took the entry (newer versions of httpcore-nio 4.4, up to 4.4.16), the pool counts the entry as leased only
     * after that, so that an exchange that was cancelled meanwhile gives it back too early, to no effect: then nobody has it,
     * and its place is lost for good.
     */
    static final class Connected {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static CallSite enter(@Advice.Argument(0) Object sessionRequest) {
            Lease lease = (Lease) Carried.by(sessionRequest);
            return lease == null || lease.isEnded() ? null : lease.settledSite();
        }

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.Argument(0) Object sessionRequest,
                @Advice.Enter CallSite asked,
                @Advice.Return(typing = Assigner.Typing.DYNAMIC) Object taken) {
            Lease lease = asked != null && Boolean.TRUE.equals(taken) ? (Lease) Carried.by(sessionRequest) : null;
            if (lease != null && lease.isEnded()) {
                Lease lost = Lease.begin(lease.connection(), asked);
                if (lost != null) {
                    lost.unclaimed(sessionRequest);
                }
            }
        }
    }

    /** {@code RouteSpecificPool.cancelled(sessionRequest)}, under the pool's lock: the selector has really given up. */
    static final class NotConnected {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object sessionRequest) {
            Lease lease = (Lease) Carried.by(sessionRequest);
            if (lease != null) {
                lease.closing(CloseReason.ABORTED);
                lease.connection().failedToOpen("java.util.concurrent.CancellationException");
                lease.connection().gone();
            }
        }
    }

    /**
     * {@code LeaseRequest.completed(entry)}, under the pool's lock, of an idle connection. A request that is cancelled at
     * this moment does not take it (in httpcore-nio of today, 4.4.16; 4.4.1 does not cancel requests), and then nobody has it,
     * and the pool never gets it back: its place is lost for good. The request is all that still knows of it.
     */
    static final class Granted {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object request,
                @Advice.FieldValue("future") Object future,
                @Advice.FieldValue("result") Object taken,
                @Advice.Argument(0) Object entry) {
            Wait wait = taken == entry ? null : (Wait) Carried.by(future);
            Connection idle = wait == null ? null : (Connection) Carried.by(entry);
            if (idle != null) {
                wait.taken(idle, System.nanoTime()).unclaimed(request);
            }
        }
    }

    /**
     * {@code BasicFuture.completed(entry)}: of a new connection under the pool's lock, of an idle one outside. Whoever asked
     * is called back inside, and other threads may go on with the connection before this returns.
     */
    static final class Completed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object future, @Advice.Argument(0) Object result) {
            Wait wait = (Wait) Carried.by(future);
            if (wait == null) {
                return null;
            }
            Carried.by(future, null);
            PoolEntry<?, ?> entry = (PoolEntry<?, ?>) result;
            Lease lease = wait.lease();
            if (lease != null) {
                Carried.by(entry, lease.connection());
                Carried.by(entry.getConnection(), lease.connection());
                return lease;
            }
            Connection idle = (Connection) Carried.by(entry);
            if (idle == null) {
                // Connected before the library was woven.
                idle = new Connection(wait.route());
                Carried.by(entry, idle);
                Carried.by(entry.getConnection(), idle);
            }
            wait.taken(idle, System.nanoTime());
            return null;
        }

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Enter Lease ofNew, @Advice.Return boolean won) {
            if (ofNew != null && !won) {
                // Nobody wants the new connection any more: it is put to the idle ones, without being released.
                ofNew.connection().opened();
                ofNew.takenBack();
            }
        }
    }

    /** {@code BasicFuture.failed(exception)}: a timeout in the queue, a name that is not known, or a failed connect. */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object future, @Advice.Argument(0) Exception exception) {
            Wait wait = (Wait) Carried.by(future);
            if (wait == null) {
                return;
            }
            Carried.by(future, null);
            Lease lease = wait.lease();
            if (((Future<?>) future).isDone()) {
                // Cancelled, without the selector having known.
                if (lease != null) {
                    lease.connection().failedToOpen(exception.getClass().getName());
                }
                return;
            }
            if (lease == null && exception instanceof TimeoutException) {
                wait.ended(WaitOutcome.TIMEOUT);
                return;
            }
            if (lease == null && !(exception instanceof IOException)) {
                wait.ended(WaitOutcome.FAILED);
                return;
            }
            if (lease == null) {
                long since = Scope.connectingSince();
                Connection connection = new Connection(wait.route());
                connection.openingSince(since);
                lease = wait.taken(connection, since);
            }
            lease.failed(exception);
            lease.connection().gone();
            lease.returned();
        }
    }

    /**
     * {@code BasicFuture.cancel(mayInterruptIfRunning)}: newer versions of 4.1 cancel the pool's future with the exchange. A
     * connection that is being made for it may come all the same, and then is an idle one.
     */
    static final class Cancelled {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object future) {
            Wait wait = (Wait) Carried.by(future);
            if (wait == null || ((Future<?>) future).isDone()) {
                return;
            }
            wait.ended(WaitOutcome.CANCELLED);
            Lease lease = wait.lease();
            if (lease != null && !lease.isUnclaimed()) {
                lease.closing(CloseReason.ABORTED);
                lease.returned();
            }
        }
    }
}

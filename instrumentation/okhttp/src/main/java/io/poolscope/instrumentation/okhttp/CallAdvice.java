package io.poolscope.instrumentation.okhttp;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Lease;
import io.poolscope.model.Routes;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import net.bytebuddy.asm.Advice;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * What happens to a call besides its connection: waiting in the dispatcher's queue, which only {@code enqueue} does, and
 * being cancelled.
 */
final class CallAdvice {

    private CallAdvice() {}

    /**
     * {@code RealCall.enqueue(callback)}, from 4.4 on: the application's thread, which is not the one that will have the
     * response. A call that carries something has been executed before, and is about to be refused.
     */
    static final class Enqueued {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(
                @Advice.This Object call,
                @Advice.FieldValue("client") OkHttpClient client,
                @Advice.FieldValue("originalRequest") Request request) {
            Routes routes = (Routes) Carried.by(client.connectionPool());
            if (routes == null || Carried.by(call) != null) {
                return null;
            }
            HttpUrl url = request.url();
            Wait wait = Wait.begin(routes.towards(url.host(), url.port()));
            if (wait != null) {
                wait.capture();
                Carried.by(call, wait);
            }
            return wait;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Wait wait, @Advice.Thrown Throwable thrown) {
            if (wait != null && thrown != null) {
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }

    /** {@code okhttp3.RealCall.enqueue(callback)}, up to 4.3: as {@link Enqueued}; the transmitter gets the lease later. */
    static final class EnqueuedUpTo43 {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Wait enter(
                @Advice.This Object call,
                @Advice.FieldValue("transmitter") Object transmitter,
                @Advice.FieldValue("client") OkHttpClient client,
                @Advice.FieldValue("originalRequest") Request request) {
            Routes routes = (Routes) Carried.by(client.connectionPool());
            if (routes == null || Carried.by(call) != null || Carried.by(transmitter) != null) {
                return null;
            }
            HttpUrl url = request.url();
            Wait wait = Wait.begin(routes.towards(url.host(), url.port()));
            if (wait != null) {
                wait.capture();
                Carried.by(call, wait);
                Carried.by(transmitter, wait);
            }
            return wait;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Wait wait, @Advice.Thrown Throwable thrown) {
            if (wait != null && thrown != null) {
                wait.ended(WaitOutcome.FAILED);
            }
        }
    }

    /** {@code AsyncCall.<init>(call, callback)}, inside {@code enqueue}: what the dispatcher knows of a call. */
    static final class AsyncCallMade {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object asyncCall, @Advice.Argument(0) Object call) {
            Carried.by(asyncCall, Carried.by(call));
        }
    }

    /** {@code Dispatcher.enqueue(asyncCall)}: before its lock is taken, so that a limit that changes now may be seen late. */
    static final class Queued {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(
                @Advice.Argument(0) Object asyncCall,
                @Advice.FieldValue("maxRequests") int maxRequests,
                @Advice.FieldValue("maxRequestsPerHost") int maxRequestsPerHost) {
            Object wait = Carried.by(asyncCall);
            if (wait instanceof Wait) {
                ((Wait) wait).route().pool().dispatcherLimits(maxRequests, maxRequestsPerHost);
            }
        }
    }

    /** {@code AsyncCall.run()}: a thread of the dispatcher's executor has it now. */
    static final class Running {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object asyncCall) {
            Object wait = Carried.by(asyncCall);
            if (wait instanceof Wait) {
                ((Wait) wait).over();
            }
        }
    }

    /** {@code AsyncCall.failRejected(e)}, from 5.0 on: the executor does not take it, or has been shut down. */
    static final class Rejected {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object asyncCall) {
            Object wait = Carried.by(asyncCall);
            if (wait instanceof Wait) {
                ((Wait) wait).ended(WaitOutcome.FAILED);
            }
        }
    }

    /** {@code Dispatcher.finished(call)}, of either kind: one that never ran was rejected by the executor. */
    static final class Finished {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.Argument(0) Object call) {
            Object wait = Carried.by(call);
            if (wait instanceof Wait) {
                ((Wait) wait).ended(WaitOutcome.FAILED);
            }
        }
    }

    /**
     * {@code cancel()} of the call, up to 4.3 of its transmitter; by the application, or by the call's timeout. A queued call
     * keeps its place in the queue, and fails when it runs.
     */
    static final class Cancelled {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object call) {
            Object state = Carried.by(call);
            if (state instanceof Wait) {
                ((Wait) state).ended(WaitOutcome.CANCELLED);
            } else if (state instanceof Lease && !((Lease) state).isEnded()) {
                ((Lease) state).closing(CloseReason.ABORTED);
            }
        }
    }
}

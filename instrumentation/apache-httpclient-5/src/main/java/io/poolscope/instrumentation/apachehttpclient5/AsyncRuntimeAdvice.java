package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.CallSite;
import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;

/**
 * What happens to {@code InternalHttpAsyncExecRuntime}, which holds the endpoint of an exchange: a request and its response,
 * with redirects and other tries, which may need a connection each. A minimal client has none.
 */
final class AsyncRuntimeAdvice {

    private AsyncRuntimeAdvice() {}

    /** {@code acquireEndpoint(…)}: in the application's thread for the first request of an exchange. */
    static final class Asking {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Object enter(@Advice.This Object runtime) {
            return Scope.exchange(runtime);
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Object before) {
            Scope.exchange(before);
        }
    }

    /** {@code releaseEndpoint()}: after the end of a response. Called again without harm. */
    static final class Released {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object runtime, @Advice.FieldValue("endpointRef") AtomicReference<?> reference) {
            Object state = Carried.by(reference.get());
            if (state instanceof Lease && !((Lease) state).isEnded()) {
                CallSite settled = ((Lease) state).settledSite();
                Carried.by(runtime, settled == null ? CallSite.NOT_TAKEN : settled);
            }
        }
    }

    /**
     * {@code discardEndpoint()}: after a failure, or because the application has cancelled, and then in its thread. The connection
     * is closed, and what was found of an exchange's failure is known by now.
     */
    static final class Discarded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object runtime, @Advice.FieldValue("endpointRef") AtomicReference<?> reference) {
            Object state = Carried.by(reference.get());
            if (state instanceof Lease && !((Lease) state).isEnded()) {
                Lease lease = (Lease) state;
                // A closed OFFLOCK pool leaves what is out to its holder, and the client's selectors end it.
                lease.closing(
                        lease.route().pool().isClosed()
                                ? CloseReason.POOL_CLOSED
                                : Scope.isResetting() ? CloseReason.ABORTED : CloseReason.FAILED);
                CallSite settled = lease.settledSite();
                Carried.by(runtime, settled == null ? CallSite.NOT_TAKEN : settled);
            }
        }
    }

    /** {@code fork()}: for another try or a redirect, which has the call site of this. */
    static final class Forked {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object runtime,
                @Advice.FieldValue("endpointRef") AtomicReference<?> reference,
                @Advice.Return Object forked) {
            Object state = Carried.by(reference.get());
            Object settled = state instanceof Lease ? ((Lease) state).settledSite() : Carried.by(runtime);
            if (settled != null) {
                Carried.by(forked, settled);
            }
        }
    }

    /**
     * {@code ComplexFuture.cancel(mayInterruptIfRunning)}: what {@code execute} returns is one. Cancels what it depends on: the
     * wait, the connect, or the exchange.
     */
    static final class Cancelling {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static boolean enter() {
            boolean before = Scope.isResetting();
            Scope.resetting(true);
            return before;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter boolean before) {
            Scope.resetting(before);
        }
    }
}

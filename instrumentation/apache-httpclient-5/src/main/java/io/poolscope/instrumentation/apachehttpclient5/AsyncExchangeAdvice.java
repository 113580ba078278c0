package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Scope;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;

/**
 * What happens to a request and its response on a connection: a command for a selector first, then {@code
 * ClientHttp1StreamHandler} or {@code ClientH2StreamHandler}, which call the application's producer and consumer. Each carries
 * the lease, of which a connection of HTTP/2 may have several. All but commands belongs to a selector, and so to one thread.
 */
final class AsyncExchangeAdvice {

    private AsyncExchangeAdvice() {}

    /** {@code RequestExecutionCommand.<init>(…)}, inside of an endpoint's {@link AsyncManagerAdvice.Executing execute}. */
    static final class Commanded {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object command) {
            Object lease = Scope.exchange();
            if (lease instanceof Lease) {
                Carried.by(command, lease);
            }
        }
    }

    /** {@code RequestExecutionCommand.getExchangeHandler()}: a selector makes a handler of the command next. */
    static final class Taken {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object command) {
            if (Carried.by(command) instanceof Lease) {
                Scope.exchange(command);
            }
        }
    }

    /** {@code RequestExecutionCommand.failed(exception)}: the connection failed before the request was its next. */
    static final class CommandFailed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object command, @Advice.Argument(0) Exception why) {
            Object lease = Carried.by(command);
            if (lease instanceof Lease && why != null) {
                ((Lease) lease).failed(why);
            }
        }
    }

    /** {@code RequestExecutionCommand.cancel()}: the connection was closed before the request was its next. */
    static final class CommandCancelled {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object command) {
            Object state = Carried.by(command);
            if (state instanceof Lease && !((Lease) state).isEnded()) {
                Lease lease = (Lease) state;
                lease.connection().failedToOpen("org.apache.hc.core5.http.ConnectionClosedException");
                lease.exchangeFailed();
            }
        }
    }

    /** {@code <init>(…)} of a handler of HTTP/1.1: made of the command that was {@link Taken} before. */
    static final class Handled {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object handler, @Advice.FieldValue("exchangeHandler") Object exchange) {
            Object command = Scope.exchange();
            if (command instanceof RequestExecutionCommand) {
                if (((RequestExecutionCommand) command).getExchangeHandler() == exchange) {
                    Carried.by(handler, Carried.by(command));
                }
                Scope.exchange(null);
            }
        }
    }

    /** {@code <init>(…)} of a handler of HTTP/2: in the same way; its channel carries the lease, too. */
    static final class StreamHandled {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object handler,
                @Advice.FieldValue("exchangeHandler") Object exchange,
                @Advice.FieldValue("outputChannel") Object channel) {
            Object command = Scope.exchange();
            if (command instanceof RequestExecutionCommand) {
                if (((RequestExecutionCommand) command).getExchangeHandler() == exchange) {
                    Lease lease = (Lease) Carried.by(command);
                    Carried.by(handler, lease);
                    Carried.by(channel, lease);
                    lease.connection().multiplexed();
                }
                Scope.exchange(null);
            }
        }
    }

    /**
     * {@code commitRequest(request, …)}: the headers are complete now, a tracer's among them. Of a new connection the route is
     * complete, but for a CONNECT to a proxy, which is a part of opening, and for TLS, if the client does not wait for that
     * ({@link AsyncSessionAdvice.Secured}).
     */
    static final class RequestCommitted {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object handler, @Advice.Argument(0) HttpRequest request) {
            Lease lease = (Lease) Carried.by(handler);
            if (lease == null || request == null || lease.isEnded()) {
                return;
            }
            Connection connection = lease.connection();
            if (!connection.isOpen() && "CONNECT".equals(request.getMethod())) {
                return;
            }
            Header traceparent = request.getFirstHeader("traceparent");
            lease.traceparent(traceparent == null ? null : traceparent.getValue());
            if (connection.isSecuring()) {
                return;
            }
            if (!connection.isOpen() && connection.isOpening()) {
                // What is neither has been closed under the request, by a cancel in another thread.
                lease.opened();
            }
            lease.requestSent(null);
        }
    }

    /**
     * {@code consumeHeader(response, …)} of HTTP/1.1: the head of a response, which goes to the consumer unless it is a redirect
     * or a challenge; those have no end that the application could delay. Not yet open: the answer to a CONNECT.
     */
    static final class ResponseReceived {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object handler, @Advice.Argument(0) HttpResponse response) {
            Lease lease = (Lease) Carried.by(handler);
            if (lease == null || !lease.connection().isOpen() || lease.isEnded() || response.getCode() < 200) {
                return null;
            }
            lease.responseStarted();
            lease.handedOut();
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease != null) {
                lease.inputTaken();
            }
        }
    }

    /** {@code consumeHeader(headers, endStream)} of HTTP/2: in the same way; trailers come here, too. */
    static final class StreamReceived {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object handler, @Advice.Argument(0) List<?> headers) {
            Lease lease = (Lease) Carried.by(handler);
            Object status = lease == null || lease.isEnded() || headers.isEmpty() ? null : headers.get(0);
            if (!(status instanceof Header) || ((Header) status).getValue().startsWith("1")) {
                return null;
            }
            lease.responseStarted();
            lease.handedOut();
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease != null) {
                lease.inputTaken();
            }
        }
    }

    /** {@code consumeData(bytes, …)}: the consumer is called with a part of the body, and may do what it likes. */
    static final class DataReceived {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.This Object handler) {
            Lease lease = (Lease) Carried.by(handler);
            if (lease != null) {
                lease.readEnds();
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease) {
            if (lease != null) {
                lease.inputTaken();
            }
        }
    }

    /**
     * {@code updateCapacity(channel)} of HTTP/1.1 and {@code updateInputCapacity()} of HTTP/2: what the consumer had said that it
     * could take is used up, or nearly so. It is asked for more inside, and may say so then or later, or never.
     */
    static final class CapacityUsed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object handler) {
            Lease lease = (Lease) Carried.by(handler);
            if (lease != null) {
                lease.inputSuspended();
            }
        }
    }

    /** {@code CapacityWindow.update(increment)} of HTTP/1.1: in any thread; of an exchange that is over it does nothing. */
    static final class CapacityAdded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(
                @Advice.FieldValue("ioSession") Object session,
                @Advice.FieldValue("closed") boolean closed,
                @Advice.Argument(0) int increment) {
            Object state = closed || increment <= 0 ? null : Carried.by(session);
            Lease lease = state instanceof Connection ? ((Connection) state).lease() : null;
            if (lease != null) {
                lease.inputRequested();
            }
        }
    }

    /** {@code H2StreamChannelImpl.update(increment)}: the same of HTTP/2. */
    static final class StreamCapacityAdded {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object channel, @Advice.Argument(0) int increment) {
            Lease lease = increment <= 0 ? null : (Lease) Carried.by(channel);
            if (lease != null) {
                lease.inputRequested();
            }
        }
    }

    /** {@code failed(exception)} of a handler: before the connection is given back. */
    static final class Failed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object handler, @Advice.Argument(0) Exception why) {
            Lease lease = (Lease) Carried.by(handler);
            if (lease == null || why == null || lease.isEnded()) {
                return;
            }
            if (Scope.isResetting()) {
                lease.closing(CloseReason.ABORTED);
            }
            lease.failed(why);
        }
    }
}

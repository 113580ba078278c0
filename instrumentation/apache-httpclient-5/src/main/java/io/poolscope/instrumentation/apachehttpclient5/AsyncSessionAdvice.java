package io.poolscope.instrumentation.apachehttpclient5;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.reactor.ssl.TlsDetails;

/**
 * What happens to a session, which is an asynchronous connection as a selector has it: wrapped for the client, secured,
 * told the server's settings, disconnected. It carries the connection for as long as a pool entry has it.
 */
final class AsyncSessionAdvice {

    private AsyncSessionAdvice() {}

    /** {@code DefaultManagedAsyncClientConnection.<init>(session)}: what the client has of a session carries it. */
    static final class Wrapped {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object managed, @Advice.Argument(0) Object session) {
            Carried.by(managed, session);
        }
    }

    /**
     * {@code InternalDataChannel.startTls(…)}: begins to negotiate. Before an entry has the connection, or later: through a
     * tunnel. From 5.2 on the client waits for the end of that; before, it sends its first request beside it.
     */
    static final class Securing {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(
                @Advice.This Object session, @Advice.FieldValue("tlsSessionRef") AtomicReference<?> reference) {
            Object tls = reference.get();
            Object state = Carried.by(session);
            Carried.by(tls, session);
            if (state == null) {
                Carried.by(session, tls);
            } else if (state instanceof Connection && !((Connection) state).isOpen()) {
                ((Connection) state).securing();
            }
        }
    }

    /**
     * {@code SSLIOSession.doHandshake(…)}: a part of the negotiation; there are details when it was the last. The first request
     * waits to be written by now, or is made next.
     */
    static final class Secured {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object tls, @Advice.FieldValue("tlsDetails") TlsDetails details) {
            Object session = details == null ? null : Carried.by(tls);
            if (session == null) {
                return;
            }
            Object state = Carried.by(session);
            if (state == tls) {
                // Nobody has the connection yet, and who gets it gets it secured.
                Carried.by(session, null);
            } else if (state instanceof Connection && ((Connection) state).isSecuring()) {
                Carried.by(tls, null);
                if ("h2".equals(details.getApplicationProtocol())) {
                    ((Connection) state).multiplexed();
                }
                Lease lease = ((Connection) state).lease();
                if (lease != null) {
                    lease.opened();
                    lease.requestSent(null);
                }
            }
        }
    }

    /** {@code onDisconnect()} of what speaks HTTP/1.1 or HTTP/2 on a session: it is closed, and the exchanges on it know. */
    static final class Disconnected {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.FieldValue("ioSession") Object session) {
            Object state = Carried.by(session);
            if (state instanceof Connection) {
                // The pool would have taken it off its entry first.
                Carried.by(session, null);
                Connection connection = (Connection) state;
                if (connection.leases() == 0) {
                    connection.closed(CloseReason.SERVER_CLOSED);
                } else {
                    connection.closed();
                }
            }
        }
    }

    /** {@code requestShutdown(closeMode)} of HTTP/1.1: the server has said, or shown, that it is going to close. */
    static final class ShuttingDown {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("ioSession") Object session) {
            Object state = Carried.by(session);
            if (state instanceof Connection && ((Connection) state).leases() == 0) {
                ((Connection) state).closing(CloseReason.SERVER_CLOSED);
            }
        }
    }

    /**
     * {@code SingleCoreIOReactor.initiateSessionShutdown()}: the application closes the client, which stops its selectors, and
     * with them all sessions, before it closes the pool. What is idle is as good as closed; the others end after their exchange.
     */
    static final class ReactorStopping {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("selector") Selector selector) {
            try {
                for (SelectionKey key : selector.keys()) {
                    Object state = Carried.by(key.attachment());
                    if (state instanceof Connection) {
                        Connection connection = (Connection) state;
                        connection.closing(CloseReason.POOL_CLOSED);
                        if (connection.leases() == 0) {
                            connection.closed();
                        }
                    }
                }
            } catch (ClosedSelectorException closedAtOnce) {
                // With all of its sessions, by the thread that closes the client.
                return;
            }
        }
    }

    /** {@code AbstractH2StreamMultiplexer.applyRemoteSettings(config)}: what the server allows, first of all and at any time. */
    static final class Settings {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.FieldValue("ioSession") Object session, @Advice.Argument(0) H2Config config) {
            Object state = Carried.by(session);
            if (state instanceof Connection) {
                Route route = ((Connection) state).route();
                int streams = config.getMaxConcurrentStreams();
                route.streamLimit(streams == Integer.MAX_VALUE ? Pool.NO_LIMIT : streams);
            }
        }
    }
}

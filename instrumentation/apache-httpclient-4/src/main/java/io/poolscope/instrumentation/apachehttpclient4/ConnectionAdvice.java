package io.poolscope.instrumentation.apachehttpclient4;

import io.poolscope.model.Carried;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import net.bytebuddy.asm.Advice;

/** What happens to a connection: opened, found expired or dead, closed. */
final class ConnectionAdvice {

    private ConnectionAdvice() {}

    /** {@code CPoolProxy.<init>(entry)}: what the client holds of a leased entry; the executor in httpcore sees only this. */
    static final class Proxied {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object proxy, @Advice.Argument(0) Object entry) {
            Connection connection = (Connection) Carried.by(entry);
            if (connection != null) {
                Carried.by(proxy, connection.lease());
            }
        }
    }

    /** {@code connect(…)} of a manager: TCP, and TLS where no proxy stands between. */
    static final class Connecting {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static Lease enter(@Advice.Argument(0) Object managed) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease != null) {
                lease.connection().opening();
            }
            return lease;
        }

        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Enter Lease lease, @Advice.Thrown Throwable thrown) {
            if (lease != null && thrown != null) {
                lease.connection().failedToOpen(thrown.getClass().getName());
            }
        }
    }

    /**
     * {@code MainClientExec.createTunnelToTarget(…)}: CONNECT, sent to the proxy on a connection that is not open yet for us. A
     * proxy that refuses ends here in a {@code TunnelRefusedException}; the client hands out the proxy's answer instead of it.
     */
    static final class Tunnelling {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(1) Object managed, @Advice.Thrown Throwable thrown) {
            Lease lease = thrown == null ? null : (Lease) Carried.by(managed);
            if (lease != null) {
                lease.connection().failedToOpen(thrown.getClass().getName());
            }
        }
    }

    /** {@code upgrade(…)} of a manager: TLS through a tunnel. */
    static final class Upgrading {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object managed, @Advice.Thrown Throwable thrown) {
            Lease lease = thrown == null ? null : (Lease) Carried.by(managed);
            if (lease != null) {
                lease.connection().failedToOpen(thrown.getClass().getName());
            }
        }
    }

    /**
     * {@code routeComplete(…)} of a manager: open, tunnel and TLS included. It throws if the request was aborted meanwhile; one
     * that is aborted right after has given the connection back already, closed, and cannot close it again.
     */
    static final class Connected {
        @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object managed, @Advice.Thrown Throwable thrown) {
            Lease lease = (Lease) Carried.by(managed);
            if (lease == null) {
                return;
            }
            Connection connection = lease.connection();
            if (thrown != null) {
                connection.failedToOpen(thrown.getClass().getName());
                return;
            }
            connection.opened();
            if (lease.isEnded()) {
                connection.closed();
            }
        }
    }

    /** {@code CPoolEntry.closeConnection()} and {@code shutdownConnection()}: every way of closing leads through these. */
    static final class Closed {
        @Advice.OnMethodEnter(suppress = Throwable.class)
        static void enter(@Advice.This Object entry) {
            Connection closed = (Connection) Carried.by(entry);
            if (closed != null) {
                closed.closed();
            }
        }
    }

    /** {@code PoolEntry.isExpired(now)}: under the pool's lock; whoever asks closes it if the answer is yes. */
    static final class Expired {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.This Object entry, @Advice.Return boolean expired) {
            Connection connection = expired ? (Connection) Carried.by(entry) : null;
            if (connection != null) {
                connection.closing(CloseReason.EXPIRED);
            }
        }
    }

    /** {@code CPool.validate(entry)}: looks whether the server has closed it; the pool closes it if so. */
    static final class Validated {
        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Argument(0) Object entry, @Advice.Return boolean valid) {
            Connection connection = valid ? null : (Connection) Carried.by(entry);
            if (connection != null) {
                connection.closing(CloseReason.SERVER_CLOSED);
            }
        }
    }
}

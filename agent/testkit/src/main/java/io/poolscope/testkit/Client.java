package io.poolscope.testkit;

import java.io.IOException;

/** A client with a pool of its own, as a scenario uses it. The whole of what an adapter has to bring. */
public interface Client {

    /** A request that is ready and not sent yet. */
    Exchange exchange(String url) throws IOException;

    /** Sends a request and waits for the response's head. */
    default Response get(String url) throws IOException {
        return exchange(url).send();
    }

    /** The pool's own statistics: the reference that the agent is held against. */
    PoolStats stats();

    /** Evicts what is idle; a client that does this on its own thread does nothing. */
    void evictIdle();

    /** Closes the pool, as far as the library lets one. */
    void closePool();

    /** Closes the client, as its user does, and its pool with it, of which it is the {@linkplain Options#alone only} user. */
    default void close() throws IOException {
        closePool();
    }

    /** Sets the limits of a pool that is in use, as {@link Options#pool} does of a new one; see {@link Traits#changesLimits}. */
    default void limit(int perRoute, int total) {
        throw new UnsupportedOperationException();
    }

    /** Gives the route to this server a limit of its own; see {@link Traits#limitsRoutes}. */
    default void limitRoute(String url, int connections) {
        throw new UnsupportedOperationException();
    }

    /** Another client on the pool of this one; see {@link Traits#sharesPools}. */
    default Client sibling() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Closes this client and not the pool that it shares, as far as the library can. */
    default void closeButNotThePool() throws IOException {}

    /** One request. */
    interface Exchange {

        /** Sends it and returns with the response's head. */
        Response send() throws IOException;

        /** Gives it up, from any thread, at any time. */
        void abort();

        /** Sends it and has the response handled by something that does not read it; see {@link Traits#handlesResponses}. */
        default void handle(Handler handler) throws IOException {
            throw new UnsupportedOperationException();
        }
    }

    /** What is done while the client has a response open. */
    @FunctionalInterface
    interface Handler {
        void handle() throws IOException;
    }

    /** One response whose body may be unread. */
    interface Response extends AutoCloseable {

        int status();

        /** Reads the body until the library says that it has ended. */
        long readFully() throws IOException;

        /** Reads this many bytes and does not ask for more. */
        void readExactly(int length) throws IOException;

        /** Closes the body's stream and not the response, as a parser does when it has what it wants. */
        void closeStream() throws IOException;

        /** Closes it, read or not. */
        @Override
        void close() throws IOException;

        /** Closes it without regard for the connection; see {@link Traits#closesAtOnce}. */
        default void closeAtOnce() throws IOException {
            throw new UnsupportedOperationException();
        }
    }

    /** What a pool says of itself. */
    final class PoolStats {
        private final int active;
        private final int idle;
        private final int pending;

        public PoolStats(int active, int idle, int pending) {
            this.active = active;
            this.idle = idle;
            this.pending = pending;
        }

        public int active() {
            return active;
        }

        public int idle() {
            return idle;
        }

        public int pending() {
            return pending;
        }
    }
}

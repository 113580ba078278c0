package io.poolscope.benchmarks;

import io.poolscope.model.Client;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Routes;
import io.poolscope.model.Wait;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What woven code does for one request, in its order, without library and network: threads share the route and have
 * connections of their own, as in a pool.
 *
 * <p>The holder of a lease is the library's own object, so that its 16 bytes are taken off: {@link #holder}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestPath {

    /** What all threads share. */
    @State(Scope.Benchmark)
    public static class Pool {
        final Object key = "route";
        final Routes routes = Routes.open(Client.add("benchmark", "benchmark", "1", Client.ON), true);

        /** A pool of one route. */
        public Pool() {
            routes.describe(key, "localhost", 80, null);
        }
    }

    /** What a thread has for itself. */
    @State(Scope.Thread)
    public static class Thread {
        Connection connection;
    }

    /** What the library makes anyway. */
    @Benchmark
    public Object holder() {
        return new Object();
    }

    /** One request, whose body takes two reads and the one that finds the end. */
    @Benchmark
    public Object request(Pool pool, Thread thread) {
        Object holder = new Object();
        Wait wait = Wait.begin(pool.routes.of(pool.key));
        if (thread.connection == null) {
            thread.connection = new Connection(wait.route());
            thread.connection.opened();
        }
        Lease lease = wait.granted(thread.connection);
        lease.heldBy(holder);
        lease.requestSent(null);
        lease.responseStarted();
        lease.handedOut();
        for (int read = 0; read < 3; read++) {
            lease.readBegins();
            lease.readEnds();
        }
        lease.bodyEnded();
        lease.end();
        return holder;
    }
}

package io.poolscope.model;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A pool that is closed while its connections are in use: the library closes them all in one thread, the engine ends what
 * is out, and the users go on in theirs. Whatever comes first, nothing is left, and nothing is counted twice.
 */
final class PoolCloseRaces {

    private PoolCloseRaces() {}

    /** An open connection of a pool, and what is left of it. */
    abstract static class Used {

        final Connection connection = Races.idleConnection();
        final Route route = connection.route();

        /** As the library and the engine do it. */
        final void closePool() {
            CloseReason before = Scope.closing(CloseReason.POOL_CLOSED);
            connection.closed();
            Scope.leave(before);
            route.pool().closed();
            Lease out = connection.lease();
            if (out != null) {
                out.takenBack();
            }
        }

        final void tell(LLLL_Result r) {
            r.r1 = (int) (route.count(Count.ACTIVE) + route.count(Count.IDLE));
            r.r2 = (int) route.count(Count.LEASES) + connection.leases() + (Sample.isOut(connection.lease()) ? 1 : 0);
            r.r3 = (int) (route.count(Count.PENDING) + route.count(Count.LEAKED));
            r.r4 = Races.onlyReason(route);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 0, POOL_CLOSED", expect = ACCEPTABLE, desc = "nothing left, closed with its pool")
    @Outcome(id = "0, 0, 0, NOT_KEEPALIVE", expect = ACCEPTABLE, desc = "nothing left, closed by its user before")
    @State
    public static class AgainstReleaseForGood extends Used {

        final Lease lease = Lease.begin(connection);

        public AgainstReleaseForGood() {
            lease.heldBy(this);
            lease.requestSent(null);
        }

        @Actor
        public void release() {
            connection.closed();
            lease.end();
        }

        @Actor
        public void close() {
            closePool();
        }

        @Arbiter
        public void after(LLLL_Result r) {
            tell(r);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 0, POOL_CLOSED", expect = ACCEPTABLE, desc = "nothing left, closed with its pool")
    @State
    public static class AgainstReleaseForReuse extends Used {

        final Lease lease = Lease.begin(connection);

        @Actor
        public void release() {
            lease.end();
        }

        @Actor
        public void close() {
            closePool();
        }

        @Arbiter
        public void after(LLLL_Result r) {
            tell(r);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 0, POOL_CLOSED", expect = ACCEPTABLE, desc = "nothing left, closed with its pool")
    @State
    public static class AgainstGrant extends Used {

        final Wait wait = Wait.begin(route);

        @Actor
        public void grant() {
            wait.granted(connection);
        }

        @Actor
        public void close() {
            closePool();
        }

        @Arbiter
        public void after(LLLL_Result r) {
            connection.lease().end();
            tell(r);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 0, POOL_CLOSED", expect = ACCEPTABLE, desc = "nothing left, closed with its pool")
    @State
    public static class AgainstCollected extends Used {

        final Lease lease = Lease.begin(connection);

        @Actor
        public void collected() {
            lease.leaked();
        }

        @Actor
        public void close() {
            closePool();
        }

        @Arbiter
        public void after(LLLL_Result r) {
            tell(r);
        }
    }
}

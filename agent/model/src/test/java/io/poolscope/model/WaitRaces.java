package io.poolscope.model;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Ends of a wait that race. An outcome that is not listed is forbidden, and fails the build. */
final class WaitRaces {

    private WaitRaces() {}

    @JCStressTest
    @Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "granted: a lease, no timeout")
    @Outcome(id = "0, 0, 1, 0", expect = ACCEPTABLE, desc = "timed out: no lease")
    @State
    public static class TimeoutAgainstGrant {

        final Connection connection = Races.openConnection();
        final Route route = connection.route();
        final Wait wait = Wait.begin(route);

        @Actor
        public void grant() {
            wait.granted(connection);
        }

        @Actor
        public void timeOut() {
            wait.ended(WaitOutcome.TIMEOUT);
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r1 = (int) route.count(Count.PENDING);
            r.r2 = (int) route.count(Count.LEASES);
            r.r3 = (int) Sample.recorded(route, Timing.WAIT_TIMEOUT);
            r.r4 = Sample.isOut(wait) ? 1 : 0;
            if (connection.lease() != null) {
                connection.lease().end();
            }
        }
    }

    /** The engine, which finds a wait in the table, may end it before its constructor has returned. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not pending, not enumerated")
    @State
    public static class BeginAgainstEnd {

        final Route route = Races.openConnection().route();
        Wait wait;

        @Actor
        public void begin() {
            wait = Wait.begin(route);
        }

        @Actor
        public void sweep() {
            Wait.OUTSTANDING.forEach(each -> {
                if (each.route() == route) {
                    each.ended(WaitOutcome.FAILED);
                }
            });
        }

        @Arbiter
        public void after(II_Result r) {
            wait.ended(WaitOutcome.FAILED);
            r.r1 = (int) route.count(Count.PENDING);
            r.r2 = Sample.isOut(wait) ? 1 : 0;
        }
    }
}

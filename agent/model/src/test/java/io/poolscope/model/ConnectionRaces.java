package io.poolscope.model;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** What happens to a connection from several threads. An outcome that is not listed is forbidden, and fails the build. */
final class ConnectionRaces {

    private ConnectionRaces() {}

    @JCStressTest
    @Outcome(id = "0, 0, 0, 1", expect = ACCEPTABLE, desc = "neither active nor idle, no lease, one close")
    @State
    public static class OpenAndCloseAgainstBeginAndEnd {

        final Connection connection = new Connection(Sample.route());
        final Route route = connection.route();

        @Actor
        public void openAndClose() {
            connection.opened();
            connection.closed();
        }

        @Actor
        public void beginAndEnd() {
            Lease.begin(connection).end();
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r1 = (int) route.count(Count.ACTIVE);
            r.r2 = (int) route.count(Count.IDLE);
            r.r3 = connection.leases();
            r.r4 = Races.onlyReason(route) instanceof CloseReason ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(
            id = "1, 0, 1",
            expect = ACCEPTABLE,
            desc = "closed, then opened over nothing; or opened over the old one, then closed")
    @Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "both were closed")
    @State
    public static class OpenAnewAgainstClose {

        final Connection connection = Races.openConnection();
        final Route route = connection.route();

        @Actor
        public void openAnew() {
            connection.opened();
        }

        @Actor
        public void close() {
            connection.closed();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r1 = (int) route.count(Count.IDLE);
            r.r2 = (int) route.count(Count.ACTIVE);
            for (CloseReason reason : CloseReason.values()) {
                r.r3 += (int) route.closes(reason);
            }
        }
    }

    /** A selector opens what another thread gives up: connecting is recorded once, and what was opened is closed. */
    @JCStressTest
    @Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "opened, and closed")
    @Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "given up before it was open")
    @State
    public static class OpenAgainstGivingUp {

        final Connection connection = connecting();
        final Route route = connection.route();

        private static Connection connecting() {
            Connection connection = new Connection(Sample.route());
            connection.opening();
            return connection;
        }

        @Actor
        public void open() {
            connection.opened();
        }

        @Actor
        public void giveUp() {
            connection.failedToOpen("given up");
            connection.gone();
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r1 = (int) Sample.recorded(route, Timing.CREATE);
            r.r2 = route.failedCreates().size();
            for (CloseReason reason : CloseReason.values()) {
                r.r3 += (int) route.closes(reason);
            }
            r.r4 = (int) route.count(Count.IDLE) + (int) route.count(Count.ACTIVE);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"FAILED", "ABORTED"},
            expect = ACCEPTABLE,
            desc = "one close, for one reason")
    @State
    public static class TwoCloses {

        final Connection connection = Races.openConnection();

        @Actor
        public void one() {
            connection.closed(CloseReason.FAILED);
        }

        @Actor
        public void other() {
            connection.closed(CloseReason.ABORTED);
        }

        @Arbiter
        public void after(L_Result r) {
            r.r1 = Races.onlyReason(connection.route());
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one opened it, the other found it in use")
    @State
    public static class FirstRequestsOfTwoStreams {

        final Connection connection = Races.openConnection();
        final Lease first = Lease.begin(connection);
        final Lease second = Lease.begin(connection);

        @Actor
        public void one() {
            first.requestSent(null);
        }

        @Actor
        public void other() {
            second.requestSent(null);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) connection.route().count(Count.GRANTED_NEW);
            r.r2 = (int) connection.route().count(Count.GRANTED_REUSED);
            first.end();
            second.end();
        }
    }
}

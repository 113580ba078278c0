package io.poolscope.model;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.IdentityHashMap;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.IIL_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Transitions of a lease that race. An outcome that is not listed is forbidden, and fails the build. */
final class LeaseRaces {

    private LeaseRaces() {}

    /** A lease that is out on an open connection. */
    abstract static class Out {

        final Connection connection = Races.openConnection();
        final Route route = connection.route();
        final Lease lease = new Lease(connection, 0);
    }

    @JCStressTest
    @Outcome(
            id = "1, 0, 0, 0",
            expect = ACCEPTABLE,
            desc = "ended once: one use, no lease, none active, not enumerated")
    @State
    public static class TwoEnds extends Out {

        @Actor
        public void one() {
            lease.end();
        }

        @Actor
        public void other() {
            lease.end();
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r1 = (int) Sample.recorded(route, Timing.USE);
            r.r2 = (int) route.count(Count.LEASES);
            r.r3 = (int) route.count(Count.ACTIVE);
            r.r4 = Sample.isOut(lease) ? 1 : 0;
        }
    }

    /** Others see a lease through its connection before its constructor has returned. */
    @JCStressTest
    @Outcome(
            id = "0, 0, 1, 0",
            expect = ACCEPTABLE,
            desc = "ended, by the other thread or after it, and not enumerated")
    @State
    public static class BeginAgainstEnd {

        final Connection connection = Races.idleConnection();
        Lease lease;

        @Actor
        public void begin() {
            lease = Lease.begin(connection);
        }

        @Actor
        public void end() {
            Lease seen = connection.lease();
            if (seen != null) {
                seen.end();
            }
        }

        @Arbiter
        public void after(IIII_Result r) {
            lease.end();
            r.r1 = connection.leases();
            r.r2 = (int) connection.route().count(Count.LEASES);
            r.r3 = (int) connection.route().count(Count.IDLE);
            r.r4 = Sample.isOut(lease) ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, NOT_KEEPALIVE", expect = ACCEPTABLE, desc = "closed in the hands of its holder")
    @Outcome(id = "0, 0, OVERFLOW", expect = ACCEPTABLE, desc = "given back, then closed")
    @State
    public static class ReleaseAgainstClose extends Out {

        @Actor
        public void release() {
            lease.end();
        }

        @Actor
        public void close() {
            connection.closed();
        }

        @Arbiter
        public void after(IIL_Result r) {
            r.r1 = (int) route.count(Count.ACTIVE);
            r.r2 = (int) route.count(Count.IDLE);
            r.r3 = Races.onlyReason(route);
        }

        public ReleaseAgainstClose() {
            lease.heldBy(this);
        }
    }

    @JCStressTest
    @Outcome(
            id = "true, 0, 1, 0",
            expect = ACCEPTABLE,
            desc = "leaked, then the library took it back: a leak, no slot, no use")
    @Outcome(id = "false, 0, 0, 1", expect = ACCEPTABLE, desc = "given back in time: a use, no leak")
    @State
    public static class EndAgainstCollected extends Out {

        boolean leaked;

        @Actor
        public void end() {
            lease.end();
        }

        @Actor
        public void collected() {
            leaked = lease.leaked();
        }

        @Arbiter
        public void after(LLLL_Result r) {
            r.r1 = leaked;
            r.r2 = (int) route.count(Count.LEAKED);
            r.r3 = (int) route.count(Count.LEAKS);
            r.r4 = (int) Sample.recorded(route, Timing.USE);
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1"},
            expect = ACCEPTABLE,
            desc = "one leak, one slot")
    @State
    public static class CollectedTwice extends Out {

        @Actor
        public void one() {
            lease.leaked();
        }

        @Actor
        public void other() {
            lease.leaked();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) route.count(Count.LEAKED);
            r.r2 = (int) route.count(Count.LEAKS);
            lease.end();
        }
    }

    /** An abort from another thread ends a lease while its request is being sent. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "granted once")
    @State
    public static class EndAgainstRequestSent extends Out {

        public EndAgainstRequestSent() {
            lease.heldBy(this);
        }

        @Actor
        public void send() {
            lease.requestSent(null);
        }

        @Actor
        public void abort() {
            lease.end();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = (int) (route.count(Count.GRANTED_NEW) + route.count(Count.GRANTED_REUSED));
        }
    }

    /** What was suspected is retracted once: by its return, or not at all where it was never suspected. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "suspected, then returned: told")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "returned first: nothing to suspect, nothing to tell")
    @State
    public static class SuspectAgainstEnd extends Out {

        boolean suspected;

        @Actor
        public void suspect() {
            suspected = lease.suspect();
        }

        @Actor
        public void end() {
            lease.end();
            Told.collect();
        }

        @Arbiter
        public void after(ZI_Result r) {
            r.r1 = suspected;
            r.r2 = Told.returns(lease);
        }
    }

    /** A suspicion is taken back once: by whoever saw it read again, or by its return. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "read again, then returned")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "returned while suspected")
    @State
    public static class AcquitAgainstEnd extends Out {

        boolean acquitted;

        public AcquitAgainstEnd() {
            lease.suspect();
        }

        @Actor
        public void acquit() {
            acquitted = lease.acquit();
        }

        @Actor
        public void end() {
            lease.end();
            Told.collect();
        }

        @Arbiter
        public void after(ZI_Result r) {
            r.r1 = acquitted;
            r.r2 = Told.returns(lease);
        }
    }

    /** A suspicion that its collection overtakes leaves one leak and no return. */
    @JCStressTest
    @Outcome(
            id = {"true, true, 1", "false, true, 1"},
            expect = ACCEPTABLE,
            desc = "a leak, suspected before or not")
    @State
    public static class SuspectAgainstCollected extends Out {

        boolean suspected;
        boolean leaked;

        @Actor
        public void suspect() {
            suspected = lease.suspect();
        }

        @Actor
        public void collected() {
            leaked = lease.leaked();
        }

        @Arbiter
        public void after(ZZI_Result r) {
            r.r1 = suspected;
            r.r2 = leaked && !lease.isSuspected();
            r.r3 = (int) route.count(Count.LEAKED);
            lease.end();
        }
    }

    /** Watching an object of a lease that has ended would call it a leak, or keep the record for nothing. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "nothing is watched any more, and it was granted once")
    @State
    public static class HeldAgainstEnd extends Out {

        @Actor
        public void hold() {
            lease.heldBy(this);
        }

        @Actor
        public void end() {
            lease.end();
        }

        @Arbiter
        public void after(ZI_Result r) {
            Custody custody = (Custody) CUSTODY.getVolatile(lease);
            r.r1 = custody == null || custody.get() == null;
            r.r2 = (int) Sample.recorded(route, Timing.WAIT_SUCCESS);
        }

        private static final VarHandle CUSTODY;

        static {
            try {
                CUSTODY = MethodHandles.privateLookupIn(Lease.class, MethodHandles.lookup())
                        .findVarHandle(Lease.class, "custody", Custody.class);
            } catch (ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }
    }

    /** Time spent waiting for the response is not time that the application held it. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "not held: not handed out yet, or just now")
    @State
    public static class HandOutAgainstLook extends Out {

        final long now;

        public HandOutAgainstLook() {
            Clock.tick();
            now = Clock.coarse();
        }

        @Actor
        public void handOut() {
            lease.handedOut();
        }

        @Actor
        public void look(Z_Result r) {
            r.r1 = lease.heldFor(now) == 0;
        }

        @Arbiter
        public void after(Z_Result r) {
            lease.end();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "counted once, thrown away")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "counted once, drained")
    @State
    public static class UndrainedClosedTwice extends Out {

        @Actor
        public void response() {
            lease.closedUndrained(Undrained.DISCARDED, 0);
        }

        @Actor
        public void stream() {
            lease.closedUndrained(Undrained.DRAINED_ON_CLOSE, 1);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) route.count(Count.UNDRAINED_DISCARDED);
            r.r2 = (int) route.count(Count.UNDRAINED_DRAINED);
            lease.end();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "the first reason counts")
    @State
    public static class TwoReasons extends Out {

        @Actor
        public void abort(ZZ_Result r) {
            r.r1 = lease.closing(CloseReason.ABORTED);
        }

        @Actor
        public void fail(ZZ_Result r) {
            r.r2 = lease.closing(CloseReason.FAILED);
        }

        @Arbiter
        public void after(ZZ_Result r) {
            lease.end();
        }
    }

    /** Events that were told of leases. Taken out of the queue by the one thread that ends leases, before it fills up. */
    private static final class Told {

        private static final Map<Lease, Integer> RETURNS = new IdentityHashMap<>();

        private Told() {}

        static void collect() {
            for (Event event : Sample.events()) {
                if (event.kind == Event.Kind.RETURNED) {
                    synchronized (RETURNS) {
                        RETURNS.merge(event.lease, 1, Integer::sum);
                    }
                }
            }
        }

        static int returns(Lease lease) {
            synchronized (RETURNS) {
                Integer returns = RETURNS.remove(lease);
                return returns == null ? 0 : returns;
            }
        }
    }
}

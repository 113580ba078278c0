package io.poolscope.model;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Slots that change hands. An outcome that is not listed is forbidden, and fails the build. */
final class OutstandingRaces {

    private OutstandingRaces() {}

    /** A record that is released twice must not release who has its slot by then. */
    @JCStressTest
    @Outcome(id = "[second]", expect = ACCEPTABLE, desc = "the second one stands, the first is gone")
    @State
    public static class SecondReleaseAgainstReuse {

        final Outstanding<String> table = new Outstanding<>();
        final int slot = table.claim("first");

        @Actor
        public void reuse() {
            table.release(slot, "first");
            table.claim("second");
        }

        @Actor
        public void releaseAgain() {
            table.release(slot, "first");
        }

        @Arbiter
        public void after(L_Result r) {
            List<String> records = new ArrayList<>();
            table.forEach(records::add);
            r.r1 = records;
        }
    }

    /** Two threads that find the first chunk full grow the table once, and both find a place. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both stand in slots of their own")
    @State
    public static class GrowTogether {

        final Outstanding<Integer> table = new Outstanding<>();
        int one;
        int other;

        public GrowTogether() {
            Integer full = 0;
            for (int i = 0; i < 1100; i++) {
                table.claim(full);
            }
        }

        @Actor
        public void one() {
            one = table.claim(1);
        }

        @Actor
        public void other() {
            other = table.claim(2);
        }

        @Arbiter
        public void after(ZZ_Result r) {
            int[] seen = new int[3];
            table.forEach(record -> seen[record]++);
            r.r1 = seen[1] == 1 && seen[2] == 1;
            r.r2 = one != other && table.untracked() == 0;
        }
    }
}

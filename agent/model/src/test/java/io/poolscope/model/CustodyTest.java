package io.poolscope.model;

import static io.poolscope.model.Sample.openConnection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustodyTest {

    @AfterEach
    void watchAgain() {
        Custody.wanted(true);
    }

    @Test
    void arrivesWhenItsObjectIsCollectedAndTheLeaseHasNotEnded() {
        Lease lease = Lease.begin(openConnection());
        lease.heldBy(new Object());

        Custody arrived = arrivalOf(lease);

        assertThat(arrived.leaked()).isTrue();
        assertThat(lease.isLeaked()).isTrue();
    }

    @Test
    void neverArrivesOnceTheLeaseHasEnded() {
        Lease ended = Lease.begin(openConnection());
        ended.heldBy(new Object());
        ended.end();
        Lease lost = Lease.begin(openConnection());
        lost.heldBy(new Object());

        arrivalOf(lost);

        assertThat(collected()).doesNotContain(ended);
    }

    @Test
    void isNoProofOnceTheLeaseIsHeldThroughAnotherObject() {
        Lease lease = Lease.begin(openConnection());
        lease.heldBy(new Object());
        Custody first = arrivalOf(lease);
        Object second = new Object();
        lease.heldBy(second);

        try {
            assertThat(first.leaked()).isFalse();
            assertThat(lease.route().count(Count.LEAKS)).isZero();
        } finally {
            Reference.reachabilityFence(second);
        }
    }

    @Test
    void isNotTakenWhereLeaksAreNotWanted() {
        Custody.wanted(false);
        Lease unwatched = Lease.begin(openConnection());
        unwatched.heldBy(new Object());
        Custody.wanted(true);
        Lease lost = Lease.begin(openConnection());
        lost.heldBy(new Object());

        arrivalOf(lost);

        assertThat(collected()).doesNotContain(unwatched);
        assertThat(unwatched.isConfirmed()).isTrue();
    }

    private static Custody arrivalOf(Lease lease) {
        Custody[] arrived = new Custody[1];
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            for (Object each = Custody.COLLECTED.poll(); each != null; each = Custody.COLLECTED.poll()) {
                if (((Custody) each).lease() == lease) {
                    arrived[0] = (Custody) each;
                }
            }
            return arrived[0] != null;
        });
        return arrived[0];
    }

    private static Set<Lease> collected() {
        Set<Lease> leases = new HashSet<>();
        for (Object each = Custody.COLLECTED.poll(); each != null; each = Custody.COLLECTED.poll()) {
            leases.add(((Custody) each).lease());
        }
        return leases;
    }
}

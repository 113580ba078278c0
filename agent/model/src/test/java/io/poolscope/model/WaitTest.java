package io.poolscope.model;

import static io.poolscope.model.Sample.events;
import static io.poolscope.model.Sample.isOut;
import static io.poolscope.model.Sample.recorded;
import static io.poolscope.model.Sample.route;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitTest {

    private final Route route = route();

    @BeforeEach
    void noEvents() {
        events();
    }

    @Test
    void isPendingUntilItIsGranted() {
        Wait wait = Wait.begin(route);
        assertThat(route.count(Count.PENDING)).isOne();
        assertThat(isOut(wait)).isTrue();

        Lease lease = wait.granted(new Connection(route));

        assertThat(route.count(Count.PENDING)).isZero();
        assertThat(isOut(wait)).isFalse();
        assertThat(wait.isEnded()).isTrue();
        assertThat(lease.waited()).isNotNegative();
    }

    @Test
    void isGrantedWithTheConnectionThatAnObjectCarriesOrCarriesFromNowOn() {
        Object entry = new Object();
        Lease first = Wait.begin(route).grantedWith(entry);
        first.end();
        Lease second = Wait.begin(route).grantedWith(entry);

        assertThat(second.connection()).isSameAs(first.connection());
        assertThat(first.route()).isSameAs(route);
        assertThat(Carried.by(entry)).isSameAs(first.connection());
    }

    @Test
    void isGrantedOnlyOnce() {
        Wait wait = Wait.begin(route);
        wait.granted(new Connection(route));
        assertThat(wait.granted(new Connection(route))).isNull();
        wait.ended(WaitOutcome.TIMEOUT);
        wait.over();

        assertThat(route.count(Count.PENDING)).isZero();
        assertThat(route.count(Count.LEASES)).isOne();
        assertThat(recorded(route, Timing.WAIT_TIMEOUT)).isZero();
        assertThat(events()).isEmpty();
    }

    @Test
    void isNotGrantedAfterItTimedOut() {
        Wait wait = Wait.begin(route);
        wait.ended(WaitOutcome.TIMEOUT);

        assertThat(wait.granted(new Connection(route))).isNull();
        assertThat(recorded(route, Timing.WAIT_TIMEOUT)).isOne();
        assertThat(route.count(Count.LEASES)).isZero();
        assertThat(route.isAlert()).isTrue();
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.kind).isEqualTo(Event.Kind.WAIT_ENDED);
            assertThat(event.outcome).isEqualTo(WaitOutcome.TIMEOUT);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = WaitOutcome.class,
            names = {"CANCELLED", "FAILED"})
    void isCountedByItsOutcome(WaitOutcome outcome) {
        Wait.begin(route).ended(outcome);
        assertThat(route.count(Count.WAIT_CANCELLED)).isEqualTo(outcome == WaitOutcome.CANCELLED ? 1 : 0);
        assertThat(route.count(Count.WAIT_FAILED)).isEqualTo(outcome == WaitOutcome.FAILED ? 1 : 0);
        assertThat(events()).extracting(event -> event.outcome).containsExactly(outcome);
    }

    @Test
    void hasTimedOutIfItIsCancelledBecauseItsTimeIsOver() {
        Wait wait = Wait.begin(route);
        wait.outOfTime();
        assertThat(wait.isEnded()).isFalse();
        assertThat(wait.since()).isLessThanOrEqualTo(System.nanoTime());

        wait.ended(WaitOutcome.CANCELLED);
        wait.outOfTime();

        assertThat(wait.isEnded()).isTrue();
        assertThat(recorded(route, Timing.WAIT_TIMEOUT)).isOne();
        assertThat(route.count(Count.WAIT_CANCELLED)).isZero();
        assertThat(route.count(Count.PENDING)).isZero();
    }

    @Test
    void canBeGrantedAfterItsTimeIsOver() {
        Wait wait = Wait.begin(route);
        wait.outOfTime();
        assertThat(wait.granted(new Connection(route))).isNotNull();
        wait.ended(WaitOutcome.CANCELLED);
        assertThat(recorded(route, Timing.WAIT_TIMEOUT)).isZero();
    }

    @Test
    void isSuccessWithoutAnEventWhenThePermissionWasAllThatWasWaitedFor() {
        Wait.begin(route).over();
        Wait.begin(route).ended(WaitOutcome.SUCCESS);
        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isEqualTo(2);
        assertThat(events()).isEmpty();
    }

    @Test
    void isToldWhenItWasLongAndARequestFollowed() {
        Lease lease = new Lease(new Connection(route), Wait.LONG + 1);
        lease.requestSent(null);
        lease.requestSent(null);
        assertThat(events()).extracting(event -> event.kind).containsExactly(Event.Kind.LONG_WAIT);
    }

    @Test
    void leavesItsCallSiteToTheLeaseAndIsRecordedOnce() {
        Wait wait = Wait.begin(route);
        wait.capture();
        wait.over();
        Lease lease = Lease.begin(new Connection(route), wait);
        lease.heldBy(this);
        lease.handedOut();

        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isOne();
        assertThat(lease.waited()).isNotNegative();
        assertThat(lease.site()).isSameAs(wait.site()).isNotNull();

        CallSite settled = lease.settledSite();
        lease.end();
        assertThat(Lease.begin(new Connection(route), settled).site()).isSameAs(settled);
    }

    @Test
    void leavesNoCallSiteToBeTakenInAnotherThread() {
        Wait wait = Wait.begin(route);
        wait.over();
        Lease lease = Lease.begin(new Connection(route), wait);
        lease.handedOut();
        assertThat(lease.site()).isNull();

        Lease next = Lease.begin(new Connection(route), lease.settledSite());
        next.handedOut();
        assertThat(next.site()).isNull();
        assertThat(Lease.begin(new Connection(route)).settledSite()).isNull();
    }

    @Test
    void doesNotBeginWithoutARouteNorWhereTheClientIsOff() {
        assertThat(Wait.begin(null)).isNull();
        Route off = Pool.others(Client.add("off", null, "1", Client.TRIPPED));
        assertThat(Wait.begin(off)).isNull();
        assertThat(off.count(Count.PENDING)).isZero();
    }
}

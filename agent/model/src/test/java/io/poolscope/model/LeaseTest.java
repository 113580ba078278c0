package io.poolscope.model;

import static io.poolscope.model.Sample.events;
import static io.poolscope.model.Sample.idleConnection;
import static io.poolscope.model.Sample.isOut;
import static io.poolscope.model.Sample.openConnection;
import static io.poolscope.model.Sample.recorded;
import static io.poolscope.model.Sample.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private static final long MINUTE = 60_000_000_000L;

    @BeforeEach
    void noEvents() {
        events();
    }

    @Test
    void standsAmongTheOutstandingFromItsBeginToItsEnd() {
        Lease lease = Lease.begin(openConnection());
        assertThat(isOut(lease)).isTrue();
        assertThat(lease.route().count(Count.LEASES)).isOne();

        lease.end();

        assertThat(isOut(lease)).isFalse();
        assertThat(lease.route().count(Count.LEASES)).isZero();
    }

    @Test
    void endsOnce() {
        Lease lease = Lease.begin(openConnection());
        lease.end();
        lease.end();
        lease.takenBack();

        assertThat(lease.connection().leases()).isZero();
        assertThat(lease.route().count(Count.LEASES)).isZero();
        assertThat(recorded(lease.route(), Timing.USE)).isOne();
    }

    @Test
    void recordsItsWaitWhenSomebodyHoldsIt() {
        Route route = route();
        Lease lease = Wait.begin(route).granted(new Connection(route));
        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isZero();

        lease.heldBy(new Object());
        lease.heldBy(new Object());
        lease.end();

        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isOne();
    }

    @Test
    void isNotCountedAsGrantedWhenThePoolTakesItBack() {
        Route route = route();
        Lease lease = Wait.begin(route).granted(new Connection(route));
        lease.takenBack();

        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isZero();
        assertThat(recorded(route, Timing.USE)).isZero();
        assertThat(route.count(Count.LEASES)).isZero();
    }

    @Test
    void isGrantedOnceHoweverManyRequestsItSends() {
        Lease lease = Lease.begin(openConnection());
        lease.requestSent(null);
        lease.requestSent("00-a-b-01");

        assertThat(lease.route().count(Count.GRANTED_NEW)).isOne();
        assertThat(lease.route().count(Count.GRANTED_REUSED)).isZero();
        assertThat(lease.traceparent()).isEqualTo("00-a-b-01");
    }

    @Test
    void countsAsReusedOnAConnectionThatHasServed() {
        Lease lease = Lease.begin(idleConnection());
        lease.requestSent(null);
        lease.responseStarted();
        lease.responseStarted();

        assertThat(lease.route().count(Count.GRANTED_REUSED)).isOne();
        assertThat(recorded(lease.route(), Timing.IDLE_OK)).isOne();
        assertThat(recorded(lease.route(), Timing.RESPONSE)).isOne();
    }

    @Test
    void findsItsConnectionStaleWhenThatFailsBeforeItAnswers() {
        Lease lease = Lease.begin(idleConnection());
        lease.requestSent(null);
        lease.exchangeFailed();
        lease.exchangeFailed();

        assertThat(lease.reason()).isEqualTo(CloseReason.STALE);
        assertThat(recorded(lease.route(), Timing.IDLE_STALE)).isOne();
        assertThat(events()).extracting(event -> event.kind).containsExactly(Event.Kind.STALE);
    }

    @Test
    void doesNotTakeAFailureAfterTheAnswerForStale() {
        Lease lease = Lease.begin(idleConnection());
        lease.responseStarted();
        lease.exchangeFailed();

        assertThat(lease.reason()).isEqualTo(CloseReason.FAILED);
        assertThat(recorded(lease.route(), Timing.IDLE_STALE)).isZero();
    }

    @Test
    void doesNotTakeAConnectionForStaleThatItsPoolHasClosed() {
        Lease lease = Lease.begin(idleConnection());
        lease.requestSent(null);
        lease.connection().closed(CloseReason.POOL_CLOSED);
        lease.exchangeFailed();

        assertThat(lease.reason()).isEqualTo(CloseReason.FAILED);
        assertThat(recorded(lease.route(), Timing.IDLE_STALE)).isZero();
        assertThat(events()).isEmpty();
    }

    @Test
    void endsWithItsPoolAndNotByAFailure() {
        Lease lease = Lease.begin(openConnection());
        lease.requestSent(null);
        lease.route().pool().closed();
        lease.exchangeFailed();

        assertThat(lease.reason()).isEqualTo(CloseReason.POOL_CLOSED);
    }

    @Test
    void keepsTheFirstReason() {
        Lease lease = Lease.begin(openConnection());
        assertThat(lease.closing(CloseReason.ABORTED)).isTrue();
        assertThat(lease.closing(CloseReason.FAILED)).isFalse();
        assertThat(lease.reason()).isEqualTo(CloseReason.ABORTED);
    }

    @Test
    void judgesAConnectionThatWasOpenedAnewByItself() {
        Lease lease = Lease.begin(idleConnection());
        Connection connection = lease.connection();
        lease.heldBy(new Object());
        lease.requestSent(null);
        lease.exchangeFailed();
        connection.closed();
        connection.opened();
        lease.requestSent(null);
        lease.responseStarted();

        assertThat(recorded(lease.route(), Timing.IDLE_STALE)).isOne();
        assertThat(recorded(lease.route(), Timing.IDLE_OK)).isZero();
        assertThat(lease.reason()).isNull();

        lease.end();
        connection.closed();
        assertThat(lease.route().closes(CloseReason.STALE)).isOne();
        assertThat(lease.route().closes(CloseReason.OVERFLOW)).isOne();
    }

    @Test
    void leavesAConnectionThatWasOpenedAnewAsOneThatHasServed() {
        Lease first = Lease.begin(idleConnection());
        first.requestSent(null);
        first.connection().closed();
        first.connection().opened();
        first.requestSent(null);
        first.end();

        Lease second = Lease.begin(first.connection());
        second.requestSent(null);

        assertThat(second.route().count(Count.GRANTED_NEW)).isOne(); // the very first
        assertThat(second.route().count(Count.GRANTED_REUSED)).isEqualTo(2);
    }

    @Test
    void remembersOverANewConnectionThatItWasAborted() {
        Lease lease = Lease.begin(openConnection());
        lease.closing(CloseReason.ABORTED);
        lease.connection().opened();
        assertThat(lease.reason()).isEqualTo(CloseReason.ABORTED);
    }

    @Test
    void leaksOnceAndHoldsItsSlotUntilItEnds() {
        Lease lease = Lease.begin(openConnection());
        assertThat(lease.leaked()).isTrue();
        assertThat(lease.leaked()).isFalse();
        assertThat(lease.route().count(Count.LEAKS)).isOne();
        assertThat(lease.route().count(Count.LEAKED)).isOne();
        assertThat(lease.route().isAlert()).isTrue();
        assertThat(isOut(lease)).isTrue();

        lease.end();

        assertThat(lease.route().count(Count.LEAKS)).isOne();
        assertThat(lease.route().count(Count.LEAKED)).isZero();
        assertThat(isOut(lease)).isFalse();
        assertThat(recorded(lease.route(), Timing.USE)).isZero();
    }

    @Test
    void cannotLeakAfterItsEnd() {
        Lease lease = Lease.begin(openConnection());
        lease.end();
        assertThat(lease.leaked()).isFalse();
        assertThat(lease.suspect()).isFalse();
        assertThat(lease.route().count(Count.LEAKS)).isZero();
        assertThat(lease.route().count(Count.LEAKED)).isZero();
    }

    @Test
    void tellsThatItCameBackWhenItWasSuspected() {
        Lease lease = Lease.begin(openConnection());
        assertThat(lease.suspect()).isTrue();
        assertThat(lease.suspect()).isFalse();
        assertThat(lease.isSuspected()).isTrue();

        lease.end();

        assertThat(lease.isSuspected()).isFalse();
        assertThat(events()).extracting(event -> event.kind).containsExactly(Event.Kind.RETURNED);
    }

    @Test
    void isNotAcquittedOnceItsReturnIsTold() {
        Lease lease = Lease.begin(openConnection());
        lease.suspect();
        lease.end();

        assertThat(events()).hasSize(1);
        assertThat(lease.acquit()).as("else it would be retracted twice").isFalse();
    }

    @Test
    void isNotAcquittedOnceItLeaked() {
        Lease lease = Lease.begin(openConnection());
        lease.suspect();
        lease.leaked();
        assertThat(lease.acquit()).isFalse();
    }

    @Test
    void canBeSuspectedAgainAfterItWasAcquitted() {
        Lease lease = Lease.begin(openConnection());
        lease.suspect();
        assertThat(lease.acquit()).isTrue();
        assertThat(lease.acquit()).isFalse();
        assertThat(lease.suspect()).isTrue();
    }

    /** Hold times are kept in units of 2^20 ns, to save four bytes of every lease. */
    private static final long UNIT = 1 << 20;

    @Test
    void isHeldOnlyWhileTheApplicationHasItAndDoesNotReadIt() {
        Lease lease = Lease.begin(openConnection());
        Clock.tick();
        long later = Clock.coarse() + MINUTE;
        assertThat(lease.heldFor(later)).as("before the hand-out").isZero();
        lease.handedOut();
        assertThat(lease.heldFor(later)).isCloseTo(MINUTE, within(UNIT));
        lease.readBegins();
        assertThat(lease.heldFor(later)).as("in a read").isZero();
        lease.readEnds();
        assertThat(lease.heldFor(later)).isCloseTo(MINUTE, within(UNIT));
        lease.end();
        assertThat(lease.heldFor(later)).as("after the end").isZero();
    }

    @Test
    void isHeldWhileItsInputIsSuspendedAndWhileTheApplicationIsCalled() {
        Lease lease = Lease.begin(openConnection());
        lease.handedOut();
        lease.inputTaken();
        long later = System.nanoTime() + MINUTE;
        assertThat(lease.heldFor(later)).isZero();

        lease.readEnds();
        lease.inputSuspended();
        lease.inputTaken();
        assertThat(lease.heldFor(later)).isCloseTo(MINUTE, within(1_000_000_000L));

        lease.inputRequested();
        assertThat(lease.heldFor(later)).isZero();
        lease.readEnds();
        assertThat(lease.heldFor(later)).isCloseTo(MINUTE, within(1_000_000_000L));
        lease.inputTaken();
        assertThat(lease.heldFor(later)).isZero();
    }

    @Test
    void tellsAFailureByItsError() {
        assertThat(reasonOf(new SocketException("reset"), idleConnection())).isEqualTo(CloseReason.STALE);
        assertThat(reasonOf(new SocketException("reset"), openConnection())).isEqualTo(CloseReason.FAILED);
        assertThat(reasonOf(new SocketTimeoutException(), idleConnection())).isEqualTo(CloseReason.FAILED);
        assertThat(reasonOf(new IllegalStateException(), idleConnection())).isEqualTo(CloseReason.FAILED);
    }

    private static CloseReason reasonOf(Exception error, Connection connection) {
        Lease lease = Lease.begin(connection);
        lease.requestSent(null);
        lease.failed(error);
        return lease.reason();
    }

    @Test
    void failsToOpenWithItsErrorOnAConnectionThatIsBeingOpened() {
        Connection connection = new Connection(route());
        connection.opening();
        Lease lease = Lease.begin(connection);
        lease.failed(new ConnectException());
        lease.failed(new IllegalStateException());
        assertThat(connection.route().failedCreates()).containsOnlyKeys("java.net.ConnectException");

        Lease ended = Lease.begin(openConnection());
        ended.end();
        ended.failed(new ConnectException());
        assertThat(ended.reason()).isNull();
    }

    @Test
    void thatIsLeftUndrainedIsToldWithTheLineOfItsRequest() {
        Route route = route();
        Wait wait = Wait.begin(route);
        wait.capture();
        Lease lease = wait.taken(new Connection(route), System.nanoTime());
        CallSite asked = lease.site();
        lease.leftUndrained();
        lease.leftUndrained();

        assertThat(route.count(Count.UNDRAINED_DISCARDED)).isOne();
        assertThat(lease.reason()).isEqualTo(CloseReason.UNDRAINED);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.kind).isEqualTo(Event.Kind.UNDRAINED);
            assertThat(event.site).isSameAs(asked).isNotNull();
        });

        Lease withoutLine = Lease.begin(openConnection());
        withoutLine.leftUndrained();
        assertThat(withoutLine.route().count(Count.UNDRAINED_DISCARDED)).isOne();
        Lease complete = Lease.begin(openConnection());
        complete.bodyEnded();
        complete.leftUndrained();
        assertThat(complete.route().count(Count.UNDRAINED_DISCARDED)).isZero();
        assertThat(events()).isEmpty();
    }

    @Test
    void keepsTheParentThatIsKnownBeforeItsRequestIsSent() {
        Lease lease = Lease.begin(openConnection());
        lease.traceparent("00-1-2-01");
        lease.traceparent(null);
        lease.requestSent(null);
        assertThat(lease.traceparent()).isEqualTo("00-1-2-01");
    }

    @Test
    void isNeverHeldWhenLongByNature() {
        Lease lease = Lease.begin(openConnection());
        lease.handedOut();
        lease.longLived();
        assertThat(lease.heldFor(Clock.coarse() + MINUTE)).isZero();
    }

    @Test
    void countsAnUndrainedCloseOnceAndNotAfterTheEndOfTheBody() {
        Lease unread = Lease.begin(openConnection());
        unread.handedOut();
        assertThat(unread.isUndrained()).isTrue();
        unread.closedUndrained(Undrained.DISCARDED, 0);
        unread.closedUndrained(Undrained.DRAINED_ON_CLOSE, 5);
        assertThat(unread.isUndrained()).isFalse();
        assertThat(unread.reason()).isEqualTo(CloseReason.UNDRAINED);
        assertThat(unread.route().count(Count.UNDRAINED_DISCARDED)).isOne();
        assertThat(unread.route().count(Count.UNDRAINED_DRAINED)).isZero();

        Lease read = Lease.begin(openConnection());
        read.handedOut();
        read.bodyEnded();
        read.closedUndrained(Undrained.DISCARDED, 0);
        assertThat(read.isBodyEnded()).isTrue();
        assertThat(read.route().count(Count.UNDRAINED_DISCARDED)).isZero();
    }

    @Test
    void timesTheDrainingOfAClose() {
        Lease lease = Lease.begin(openConnection());
        lease.handedOut();
        lease.closedUndrained(Undrained.DRAINED_ON_CLOSE, 7_000_000);
        assertThat(lease.route().timing(Timing.DRAIN).sum()).isEqualTo(7_000_000);
        assertThat(lease.reason()).isNull();
    }

    @Test
    void takesItsCallSiteAtTheHandOut() {
        Lease lease = Lease.begin(openConnection());
        assertThat(lease.site()).isNull();
        lease.handedOut();
        assertThat(lease.site().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("takesItsCallSiteAtTheHandOut"));
    }

    @Test
    void lettingGoOfItsCallSiteAtAGoodEndKeepsNoClassOfTheApplication() {
        Lease lease = Lease.begin(openConnection());
        lease.handedOut();
        lease.end();
        assertThat(lease.connection().lease()).isSameAs(lease);
        assertThat(lease.site()).isNull();
    }

    @Test
    void keepsItsCallSiteForWhatIsToldOfIt() {
        Lease lease = Lease.begin(openConnection());
        lease.handedOut();
        lease.suspect();
        lease.end();
        assertThat(lease.site()).isNotNull();
    }

    @Test
    void doesNotBeginOnNothingNorWhereTheClientIsOff() {
        assertThat(Lease.begin(null)).isNull();
        Client off = Client.add("off", null, "1", Client.UNSUPPORTED);
        assertThat(Lease.begin(new Connection(Pool.others(off)))).isNull();
    }

    @Test
    void endsAlsoAfterTheClientWasSwitchedOff() {
        Client client = Client.add("soon off", null, "1", Client.ON);
        Lease lease = Lease.begin(new Connection(Pool.others(client)));
        client.unsupported(null);
        lease.end();
        assertThat(isOut(lease)).isFalse();
    }

    @Test
    void countsAsGrantedAndIsLostWithTheRestOfItsRequestIfNobodyClaimsIt() {
        Route route = route();
        Object rest = new Object();
        Lease lease = Wait.begin(route).granted(new Connection(route));
        lease.unclaimed(rest);
        lease.unclaimed(new Object());
        assertThat(route.count(Count.GRANTED_NEW)).isOne();
        assertThat(route.count(Count.LEASES)).isOne();
        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isZero();
        assertThat(lease.isHandedOut()).isFalse();

        assertThat(lease.leaked()).isTrue();
        assertThat(route.count(Count.LEAKED)).isOne();
    }

    @Test
    void countsOnceIfItIsClaimedAfterAll() {
        Route route = route();
        Lease lease = Wait.begin(route).granted(new Connection(route));
        lease.unclaimed(new Object());
        lease.heldBy(this);
        lease.opened();
        lease.requestSent(null);
        lease.unclaimed(new Object());
        lease.end();
        assertThat(route.count(Count.GRANTED_NEW)).isOne();
        assertThat(recorded(route, Timing.WAIT_SUCCESS)).isOne();
        assertThat(recorded(route, Timing.USE)).isOne();
        assertThat(route.count(Count.LEASES)).isZero();
    }

    @Test
    void isUsedAsWellIfNobodyComesForIt() {
        Route route = route();
        Lease lease = Wait.begin(route).granted(new Connection(route));
        lease.unclaimed(new Object());
        lease.takenBack();
        assertThat(route.count(Count.GRANTED_NEW)).isOne();
        assertThat(recorded(route, Timing.USE)).isOne();
    }

    @Test
    void isNotUnclaimedOnceSomebodyHoldsIt() {
        Route route = route();
        Lease lease = Wait.begin(route).granted(new Connection(route));
        lease.heldBy(this);
        lease.unclaimed(new Object());
        lease.requestSent(null);
        assertThat(route.count(Count.GRANTED_NEW)).isOne();
        assertThat(lease.isAbandoned()).isFalse();
    }

    @Test
    void leavesOpenWhatOthersUse() {
        Connection connection = new Connection(route());
        Lease first = Lease.begin(connection);
        Lease second = Lease.begin(connection);
        connection.opening();
        connection.multiplexed();
        first.closing(CloseReason.ABORTED);
        first.end();
        first.opened();
        assertThat(connection.isOpen()).isTrue();
        second.end();
        assertThat(connection.route().count(Count.IDLE)).isOne();
    }

    @Test
    void closesWhatItOpensAfterItsEnd() {
        Connection connection = new Connection(route());
        Lease lease = Lease.begin(connection);
        connection.opening();
        assertThat(connection.isOpening()).isTrue();
        lease.closing(CloseReason.ABORTED);
        lease.end();
        lease.opened();
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.isOpening()).isFalse();
        assertThat(connection.route().closes(CloseReason.ABORTED)).isOne();
        assertThat(connection.route().count(Count.IDLE)).isZero();
    }
}

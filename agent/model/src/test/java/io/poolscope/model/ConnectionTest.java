package io.poolscope.model;

import static io.poolscope.model.Sample.events;
import static io.poolscope.model.Sample.idleConnection;
import static io.poolscope.model.Sample.openConnection;
import static io.poolscope.model.Sample.recorded;
import static io.poolscope.model.Sample.route;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionTest {

    @Test
    void isIdleWhenOpenAndActiveWhileLeased() {
        Connection connection = openConnection();
        assertGauges(connection, 0, 1);
        Lease lease = Lease.begin(connection);
        assertGauges(connection, 1, 0);
        lease.end();
        assertGauges(connection, 0, 1);
        connection.closed();
        assertGauges(connection, 0, 0);
    }

    @Test
    void isActiveOnceHoweverManyStreamsItCarries() {
        Connection connection = openConnection();
        Lease first = Lease.begin(connection);
        Lease second = Lease.begin(connection);
        assertThat(connection.leases()).isEqualTo(2);
        assertGauges(connection, 1, 0);
        first.end();
        assertGauges(connection, 1, 0);
        second.end();
        assertGauges(connection, 0, 1);
    }

    @Test
    void isNeitherActiveNorIdleWhileItIsBeingOpened() {
        Connection connection = new Connection(route());
        Lease lease = Lease.begin(connection);
        assertGauges(connection, 0, 0);
        connection.opened();
        assertGauges(connection, 1, 0);
        connection.closed();
        assertGauges(connection, 0, 0);
        lease.end();
        assertGauges(connection, 0, 0);
    }

    @Test
    void closesOnce() {
        Connection connection = openConnection();
        connection.closed();
        connection.closed(CloseReason.FAILED);
        assertThat(closes(connection)).isOne();
        assertThat(recorded(connection.route(), Timing.LIFETIME)).isOne();
        assertGauges(connection, 0, 0);
    }

    @Test
    void isNotClosedWhatWasNeverOpened() {
        Connection connection = new Connection(route());
        connection.closed();
        assertThat(closes(connection)).isZero();
    }

    @Test
    void countsAnOldConnectionAsStaleWhenItIsOpenedOverIt() {
        Connection connection = openConnection();
        connection.opened();
        assertThat(connection.route().closes(CloseReason.STALE)).isOne();
        assertGauges(connection, 0, 1);
    }

    @Test
    void isOpenedNoMoreOnceItIsGone() {
        Connection connection = new Connection(route());
        connection.opening();
        connection.gone();
        connection.opened();
        assertThat(connection.isOpen()).isFalse();
        assertThat(closes(connection)).isZero();
        assertThat(recorded(connection.route(), Timing.CREATE)).isZero();
        assertGauges(connection, 0, 0);

        connection.failedToOpen("java.util.concurrent.CancellationException");
        connection.failedToOpen("java.net.ConnectException");
        assertThat(connection.route().failedCreates()).containsOnlyKeys("java.util.concurrent.CancellationException");
    }

    @Test
    void isClosedByBeingGone() {
        Connection connection = openConnection();
        Lease lease = Lease.begin(connection);
        connection.gone();
        connection.gone();
        assertThat(closes(connection)).isOne();
        assertThat(connection.leases()).isOne();
        lease.end();
        assertThat(connection.leases()).isZero();
        assertGauges(connection, 0, 0);
    }

    @Test
    void isSecuredUntilItIsOpen() {
        Connection connection = new Connection(route());
        assertThat(connection.isSecuring()).isFalse();
        connection.opening();
        connection.securing();
        assertThat(connection.isSecuring()).isTrue();
        connection.opened();
        assertThat(connection.isSecuring()).isFalse();
        assertThat(recorded(connection.route(), Timing.CREATE)).isOne();
    }

    @Test
    void failsToOpenOnlyWhereSomebodyConnects() {
        Connection connection = openConnection();
        connection.failedToOpen("java.net.ConnectException");
        assertThat(connection.route().failedCreates()).isEmpty();

        connection.opening();
        connection.abandoned();
        connection.failedToOpen("java.net.ConnectException");
        assertThat(connection.route().failedCreates()).isEmpty();
    }

    @Test
    void takesOverSinceWhenAnAttemptHasBeenConnecting() {
        Connection attempt = new Connection(route());
        attempt.openingSince(System.nanoTime() - 5_000_000_000L);
        Connection connection = new Connection(route());
        connection.openingSince(attempt);
        connection.opened();
        assertThat(connection.route().timing(Timing.CREATE).sum()).isGreaterThanOrEqualTo(5_000_000_000L);

        Connection other = new Connection(route());
        other.openingSince(openConnection());
        other.opened();
        assertThat(recorded(other.route(), Timing.CREATE)).isZero();
    }

    @Test
    void canBeOpenedAgain() {
        Connection connection = openConnection();
        connection.closing(CloseReason.EXPIRED);
        connection.closed();
        connection.opened();
        connection.closed();
        assertThat(connection.route().closes(CloseReason.EXPIRED)).isOne();
        assertThat(connection.route().closes(CloseReason.OVERFLOW)).isOne();
    }

    @Test
    void timesItsOpeningAndItsFailuresToOpen() {
        Connection connection = new Connection(route());
        connection.opening();
        connection.failedToOpen("java.net.ConnectException");
        connection.failedToOpen("java.net.ConnectException");
        connection.opening();
        connection.opened();
        connection.opened();

        assertThat(recorded(connection.route(), Timing.CREATE)).isOne();
        assertThat(connection.route().failedCreates()).containsOnlyKeys("java.net.ConnectException");
    }

    @Test
    void hadToMakeRoomWhenClosedWhileIdle() {
        assertClosedFor(idleConnection(), CloseReason.OVERFLOW);
    }

    @Test
    void wasClosedByTheServerWhenNobodyHeldItYet() {
        Connection connection = idleConnection();
        Lease unused = Lease.begin(connection);
        assertThat(unused.isConfirmed()).isFalse();
        assertClosedFor(connection, CloseReason.SERVER_CLOSED);
    }

    @Test
    void wasClosedByTheServerWhenItsHolderFoundItDeadBeforeSendingAnything() {
        Connection connection = idleConnection();
        Lease.begin(connection).heldBy(new Object());
        assertClosedFor(connection, CloseReason.SERVER_CLOSED);
    }

    @Test
    void wasNotToBeKeptWhenClosedAfterItsResponse() {
        Connection connection = idleConnection();
        Lease lease = Lease.begin(connection);
        lease.heldBy(new Object());
        lease.requestSent(null);
        assertClosedFor(connection, CloseReason.NOT_KEEPALIVE);
    }

    @Test
    void hadNotToMakeRoomWhileAnotherStreamWasOut() {
        Connection connection = openConnection();
        Lease out = Lease.begin(connection);
        out.requestSent(null);
        Lease latest = Lease.begin(connection);
        latest.end();
        assertClosedFor(connection, CloseReason.NOT_KEEPALIVE);
    }

    @Test
    void isClosedForWhatThePoolFoundBeforeWhatTheThreadDoesBeforeWhatItsLeaseSays() {
        CloseReason before = Scope.closing(CloseReason.POOL_CLOSED);
        try {
            Connection found = openConnection();
            Lease.begin(found).closing(CloseReason.FAILED);
            found.closing(CloseReason.EXPIRED);
            assertClosedFor(found, CloseReason.EXPIRED);

            Connection done = openConnection();
            Lease.begin(done).closing(CloseReason.FAILED);
            assertClosedFor(done, CloseReason.POOL_CLOSED);
        } finally {
            Scope.leave(before);
        }
        Connection said = openConnection();
        Lease.begin(said).closing(CloseReason.FAILED);
        assertClosedFor(said, CloseReason.FAILED);
    }

    @Test
    void isEvictedForItsLeakForItsIdlenessOrToMakeRoom() {
        Connection leaked = openConnection();
        Lease.begin(leaked);
        assertEvictedFor(leaked, 1, CloseReason.LEAKED);
        assertEvictedFor(idleConnection(), 1, CloseReason.IDLE_EVICTED);
        assertEvictedFor(idleConnection(), Long.MAX_VALUE, CloseReason.OVERFLOW);
    }

    @Test
    void isNoFailureWhereItIsNotWantedAnyMore() {
        Connection lost = new Connection(route());
        lost.opening();
        lost.abandoned();
        lost.failedToOpen("a.Error");
        assertThat(lost.route().failedCreates()).isEmpty();
    }

    @Test
    void takesOverWhenTheAttemptBegan() {
        Route route = route();
        Connection attempt = new Connection(route);
        attempt.opening();
        Connection made = new Connection(route);
        made.openingSince(attempt);
        made.opened();
        assertThat(recorded(route, Timing.CREATE)).isOne();
    }

    @Test
    void wasOpenedOnceForEachAttemptThatSucceeded() {
        Connection connection = new Connection(route());
        connection.opening();
        connection.opening();
        connection.openingAnew();
        connection.opened();
        connection.openingAnew();
        assertThat(connection.isOpening()).isFalse();
        connection.closed();
        connection.openingAnew();
        connection.opened();
        assertThat(recorded(connection.route(), Timing.CREATE)).isEqualTo(2);
        assertThat(connection.route().closes(CloseReason.STALE)).isZero();
    }

    @Test
    void isNotOpenedAnewByWhatFailedOrNeverBegan() {
        Connection connection = new Connection(route());
        connection.openingAnew();
        assertThat(connection.isOpening()).isFalse();
        connection.opening();
        connection.failedToOpen("java.net.ConnectException");
        connection.openingAnew();
        assertThat(connection.isOpening()).isFalse();
    }

    @Test
    void tellsOfItsOpeningOnlyOnWish() {
        events();
        Connection connection = new Connection(route());
        connection.opening();
        connection.opened();
        assertThat(events()).isEmpty();
    }

    private static void assertClosedFor(Connection connection, CloseReason reason) {
        connection.closed();
        assertThat(connection.route().closes(reason)).isOne();
        assertThat(closes(connection)).isOne();
    }

    private static void assertEvictedFor(Connection connection, long keepAlive, CloseReason reason) {
        connection.route().pool().keepAlive(keepAlive);
        connection.evicted();
        assertThat(connection.route().closes(reason)).isOne();
        assertThat(closes(connection)).isOne();
    }

    private static long closes(Connection connection) {
        long closes = 0;
        for (CloseReason reason : CloseReason.values()) {
            closes += connection.route().closes(reason);
        }
        return closes;
    }

    private static void assertGauges(Connection connection, int active, int idle) {
        assertThat(connection.route().count(Count.ACTIVE)).isEqualTo(active);
        assertThat(connection.route().count(Count.IDLE)).isEqualTo(idle);
    }
}

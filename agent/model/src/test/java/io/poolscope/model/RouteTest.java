package io.poolscope.model;

import static io.poolscope.model.Sample.CLIENT;
import static io.poolscope.model.Sample.recorded;
import static io.poolscope.model.Sample.route;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteTest {

    private final Route route = route();

    @AfterEach
    void defaultRate() {
        CallSite.oneIn(64);
    }

    @Test
    void takesTheFirst32CallSitesThenOneIn64() {
        assertThat(taken(32)).isEqualTo(32);
        assertThat(taken(64 * 10 - 32)).isEqualTo(10);
    }

    @Test
    void takesEveryCallSiteWhileItIsInTrouble() {
        taken(1000);
        route.alert();
        assertThat(taken(100)).isEqualTo(100);
    }

    @Test
    void takesEveryCallSiteOnWishAndNoneOnWish() {
        CallSite.oneIn(CallSite.EVERY);
        assertThat(taken(200)).isEqualTo(200);
        CallSite.oneIn(CallSite.NONE);
        route.alert();
        assertThat(taken(200)).isZero();
    }

    @Test
    void doesNotTakeEveryOneForTwoBillionLeasesWhenItsCountTurnsNegative() {
        assertThat(Route.isDue(Integer.MIN_VALUE + 1)).isFalse();
        assertThat(Route.isDue(-65)).isFalse();
        assertThat(Route.isDue(-64)).isTrue();
    }

    @Test
    void tellsFewTypesOfConnectErrorsApart() {
        for (int i = 0; i < 20; i++) {
            route.recordFailedCreate("error" + i, 1);
        }
        assertThat(route.failedCreates()).hasSize(9).containsKey(Route.OTHER);
    }

    @Test
    void absorbsWhatWasCountedButNoGauge() {
        Route gone = route();
        for (Count count : Count.values()) {
            gone.add(count, 3);
        }
        gone.record(Timing.USE, 1_000_000);
        gone.recordFailedCreate("error", 1);
        gone.closed(CloseReason.EXPIRED, 5);

        Route others = Pool.others(CLIENT);
        others.absorb(gone);
        others.absorb(gone);

        for (Count count : Count.values()) {
            assertThat(others.count(count)).as(count.name()).isEqualTo(count.isGauge() ? 0 : 6);
        }
        assertThat(recorded(others, Timing.USE)).isEqualTo(2);
        assertThat(others.timing(Timing.USE).sum()).isEqualTo(2_000_000);
        assertThat(others.timing(Timing.WAIT_TIMEOUT)).isNull();
        assertThat(others.closes(CloseReason.EXPIRED)).isEqualTo(2);
        assertThat(others.failedCreates()).containsOnlyKeys("error");
        assertThat(others.isOther()).isTrue();
    }

    @Test
    void knowsItsGauges() {
        assertThat(Count.values())
                .filteredOn(Count::isGauge)
                .containsExactly(Count.PENDING, Count.LEASES, Count.ACTIVE, Count.IDLE, Count.LEAKED);
    }

    @Test
    void readsAsAnAddress() {
        Pool pool = new Pool(CLIENT, true, null);
        assertThat(pool.route("a", 80, null)).hasToString("a:80");
        assertThat(pool.route("a", -1, "proxy:3128")).hasToString("a via proxy:3128");
    }

    private int taken(int leases) {
        int taken = 0;
        for (int i = 0; i < leases; i++) {
            if (route.capture()) {
                taken++;
            }
        }
        return taken;
    }
}

package io.poolscope.engine.page;

import static io.poolscope.engine.page.TimeLine.CELLS;
import static io.poolscope.engine.page.TimeLine.STEP;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.report.Json;
import io.poolscope.engine.telemetry.Shop;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Count;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time is what the test says it is. */
class TimeLineTest {

    private static final long MS = 1_000_000L;
    private static final long BEGAN = -77 * STEP;

    private final Shop shop = new Shop();
    private final Route route = shop.pool("stock", Shop.client("timeline"), "a", 1);
    private final TimeLine line = new TimeLine(shop, BEGAN);
    private long now = BEGAN;

    private TimeLine pass(long nanos) {
        now += nanos;
        line.round(now);
        return line;
    }

    private JsonNode written() throws Exception {
        Json json = new Json().open();
        line.write(json);
        return new ObjectMapper().readTree(json.close().toString());
    }

    private static List<Object> list(JsonNode series, String path) {
        List<Object> list = new ArrayList<>();
        series.at("/" + path)
                .forEach(value ->
                        list.add(value.isNull() ? null : value.isInt() ? (Object) value.asInt() : value.asDouble()));
        return list;
    }

    private TimeLine.Recent recent() {
        PoolSeries pool = shop.pools().get(0);
        return line.recent(pool, pool.routes().get(0), now);
    }

    @Test
    void aCellHoldsTheMostThatWasSeenInIt() throws Exception {
        pass(0);
        route.add(Count.PENDING, 9);
        route.add(Count.LEASES, 20);
        route.add(Count.LEAKED, 3);
        route.add(Count.IDLE, 2);
        pass(STEP / 4);
        route.add(Count.PENDING, -9);
        route.add(Count.LEASES, -15);
        pass(STEP / 4);
        pass(STEP / 2);
        pass(STEP);

        JsonNode series = written().at("/series/0");

        assertThat(list(series, "poolscope.lease.pending")).containsExactly(9, 0);
        assertThat(list(series, "poolscope.lease.active")).containsExactly(20, 5);
        assertThat(list(series, "poolscope.connection.leaked")).containsExactly(3, 3);
        assertThat(list(series, "http.client.open_connections/idle")).containsExactly(2, 2);
        assertThat(series.get("poolscope.pool.name").asText()).isEqualTo("stock");
        assertThat(series.get("server.port").asInt()).isEqualTo(1);
    }

    @Test
    void whatIsCountedStandsInTheCellInWhichItWasCounted() throws Exception {
        pass(0);
        route.add(Count.GRANTED_NEW, 2);
        route.add(Count.GRANTED_REUSED, 5);
        route.record(Timing.WAIT_SUCCESS, 40 * MS);
        pass(STEP);
        pass(STEP);
        route.add(Count.GRANTED_REUSED, 1);
        route.record(Timing.WAIT_SUCCESS, 2 * MS);
        pass(STEP);

        JsonNode series = written().at("/series/0");

        assertThat(list(series, "poolscope.lease.granted")).containsExactly(7, 0, 1);
        // Between 25 and 50 ms, and between 1 and 2.5.
        assertThat(list(series, "poolscope.lease.wait_time/p95")).containsExactly(0.04875, null, 0.002425);
    }

    @Test
    void itGoesRoundAfterAQuarterOfAnHour() throws Exception {
        for (int i = 0; i < CELLS + 3; i++) {
            route.add(Count.LEASES, 1);
            pass(i == 0 ? 0 : STEP);
        }

        List<Object> leases = list(written().at("/series/0"), "poolscope.lease.active");

        // The cell being filled has its number 183, seen already; the one that ended last has 182.
        assertThat(leases).hasSize(CELLS).startsWith(3, 4).endsWith(CELLS + 1, CELLS + 2);
        assertThat(CELLS * STEP).isEqualTo(900_000 * MS);
    }

    @Test
    void whileNobodyLookedNothingIsKnown() throws Exception {
        route.add(Count.LEASES, 4);
        pass(0);
        pass(STEP);
        pass(3 * STEP);
        pass(STEP);
        assertThat(list(written().at("/series/0"), "poolscope.lease.active")).containsExactly(4, 4, null, null, 4);

        // Longer than all that is kept, as a laptop sleeps.
        pass(10_000 * STEP);
        List<Object> leases = list(written().at("/series/0"), "poolscope.lease.active");
        assertThat(leases).hasSize(CELLS).containsOnlyNulls();
        pass(STEP);
        assertThat(list(written().at("/series/0"), "poolscope.lease.active")).endsWith(null, 4);
    }

    @Test
    void theLastMinuteIsCountedUpToNow() {
        pass(0);
        route.add(Count.GRANTED_NEW, 100);
        Connection connection = new Connection(route);
        connection.opened();
        connection.closed(CloseReason.EXPIRED);
        route.record(Timing.WAIT_TIMEOUT, 2_000 * MS);
        for (int i = 0; i < 13; i++) {
            pass(STEP);
            assertThat(recent().opened()).as("cell " + i).isEqualTo(i < 12 ? 100 : 0);
            assertThat(recent().closes(CloseReason.EXPIRED)).isEqualTo(i < 12 ? 1 : 0);
            assertThat(recent().timeouts()).isEqualTo(i < 12 ? 1 : 0);
        }
        route.add(Count.GRANTED_REUSED, 7);
        for (int i = 0; i < 99; i++) {
            route.record(Timing.WAIT_SUCCESS, MS);
            route.record(Timing.RESPONSE, 100 * MS);
        }
        route.record(Timing.WAIT_SUCCESS, 5_000 * MS);
        now += STEP / 2;

        TimeLine.Recent recent = recent();

        assertThat(recent.reused()).isEqualTo(7);
        assertThat(recent.opened()).isZero();
        assertThat(recent.seconds()).isEqualTo(62.5);
        assertThat(recent.waits(0.5)).isBetween(0.0005, 0.001);
        assertThat(recent.waits(0.99)).isEqualTo(0.001);
        assertThat(recent.waits(0.995)).isBetween(2.5, 5.0);
        assertThat(recent.responses(0.99)).isBetween(0.05, 0.1);
    }

    @Test
    void ofTheFirstMomentNothingIsMissed() {
        route.add(Count.GRANTED_NEW, 3);
        pass(0);
        assertThat(recent().opened()).isEqualTo(3);
        assertThat(recent().waits(0.95)).isNaN();
    }

    @Test
    void seriesComeAndGo() throws Exception {
        pass(0);
        pass(STEP);
        Route late = shop.pool("late", Shop.client("timeline"), "b", 2);
        late.add(Count.LEASES, 1);
        pass(STEP);
        pass(STEP);
        assertThat(list(written().at("/series/0"), "poolscope.lease.active")).containsExactly(0, 0, 0);
        assertThat(list(written().at("/series/1"), "poolscope.lease.active")).containsExactly(1);

        shop.hide("stock");
        pass(STEP);

        assertThat(written().get("series")).hasSize(1);
        assertThat(written().at("/series/0/poolscope.pool.name").asText()).isEqualTo("late");
    }

    @Test
    void whatIsPastTheBoundsIsATheBound() throws Exception {
        route.add(Count.LEASES, 100_000);
        pass(0);
        pass(STEP);
        assertThat(list(written().at("/series/0"), "poolscope.lease.active")).containsExactly((int) Short.MAX_VALUE);
    }
}

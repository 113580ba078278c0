package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Stock;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Wait;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StaleConnectionsTest {

    private final Desk desk = new Desk();
    private final Stock stock = Stock.open(desk.httpclient, 20);

    private void fail(Duration idle) {
        Connection connection = new Connection(stock.route());
        connection.opened();
        Lease first = Wait.begin(stock.route()).granted(connection);
        first.requestSent(null);
        first.end();
        long since = System.nanoTime();
        if (!idle.isZero()) {
            Awaitility.await().until(() -> System.nanoTime() - since >= idle.toNanos());
        }
        Lease again = Wait.begin(stock.route()).granted(connection);
        again.requestSent(null);
        again.exchangeFailed();
        Stock.giveBack(again);
    }

    @Test
    void aReusedConnectionThatWasDeadIsToldWithHowLongItHadBeenIdle() {
        fail(Duration.ofMillis(150));

        assertThat(desk.look())
                .contains("WARN [poolscope] STALE a reused connection was dead: stock.internal:8080, idle for ")
                .contains(
                        "httpclient@com.acme.shop.Stock, stock.internal:8080: 1 of 1 reused connections failed before a")
                .contains("setKeepAliveStrategy((response, context) -> ");
        fail(Duration.ofMillis(150));
        fail(Duration.ofMillis(150));
        assertThat(desk.look()).isEmpty();
        // The clock goes on while this machine is busy with something else.
        assertThat(desk.pass(60 * S).look()).containsPattern("2 in 6\\d s, 3 in all");
    }

    @Test
    void noKeepAliveTimeIsProposedWhereTheServerClosesRightAfterAnAnswer() {
        fail(Duration.ZERO);

        assertThat(desk.look())
                .contains("closes right after an answer")
                .contains("no keep-alive time is short enough")
                .doesNotContain("setKeepAliveStrategy");
    }

    @Test
    void theKeepAliveThatIsProposedIsShorterThanTheShortestThatFailed() {
        assertThat(HttpClient4Advice.millisBelow(31_000)).isEqualTo("20_000");
        assertThat(HttpClient4Advice.millisBelow(1_600)).isEqualTo("1_000");
        assertThat(HttpClient4Advice.millisBelow(900)).isEqualTo("600");
        assertThat(HttpClient4Advice.millisBelow(1)).isEqualTo("1");
    }
}

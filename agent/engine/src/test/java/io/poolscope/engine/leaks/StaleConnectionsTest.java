package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Stock;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Wait;
import org.junit.jupiter.api.Test;

class StaleConnectionsTest {

    private final Desk desk = new Desk();
    private final Stock stock = Stock.open(desk.httpclient, 20);

    private void fail() {
        Connection connection = new Connection(stock.route());
        connection.opened();
        Lease first = Wait.begin(stock.route()).granted(connection);
        first.requestSent(null);
        first.end();
        Lease again = Wait.begin(stock.route()).granted(connection);
        again.requestSent(null);
        again.exchangeFailed();
        Stock.giveBack(again);
    }

    @Test
    void aReusedConnectionThatWasDeadIsToldWithHowLongItHadBeenIdle() {
        fail();

        assertThat(desk.look())
                .contains("WARN [poolscope] STALE a reused connection was dead: stock.internal:8080, idle for 0.")
                .contains(
                        "httpclient@com.acme.shop.Stock, stock.internal:8080: 1 of 1 reused connections failed before a")
                .contains("setKeepAliveStrategy((response, context) -> ");
        fail();
        fail();
        assertThat(desk.look()).isEmpty();
        assertThat(desk.pass(60 * S).look()).contains("2 in 60 s, 3 in all");
    }

    @Test
    void theKeepAliveThatIsProposedIsShorterThanTheShortestThatFailed() {
        assertThat(HttpClient4Advice.millisBelow(31_000)).isEqualTo("20_000");
        assertThat(HttpClient4Advice.millisBelow(1_600)).isEqualTo("1_000");
        assertThat(HttpClient4Advice.millisBelow(900)).isEqualTo("600");
        assertThat(HttpClient4Advice.millisBelow(1)).isEqualTo("1");
    }
}

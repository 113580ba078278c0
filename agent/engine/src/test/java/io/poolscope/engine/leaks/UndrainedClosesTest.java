package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static io.poolscope.engine.leaks.Desk.stable;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Stock;
import io.poolscope.model.CallSite;
import io.poolscope.model.Undrained;
import org.junit.jupiter.api.Test;

class UndrainedClosesTest {

    private static final long MS = 1_000_000L;

    private final Desk desk = new Desk();

    private static void flush(Stock stock, int times, Undrained outcome, long draining) {
        for (int i = 0; i < times; i++) {
            stock.flush(outcome, draining);
        }
    }

    @Test
    void theFirstCloseOfALineIsInformation() {
        Stock stock = Stock.open(desk.httpclient, 20);
        flush(stock, 1, Undrained.DISCARDED, 0);

        assertThat(stable(desk.look()))
                .isEqualTo(String.join(
                        "\n",
                        "2026-11-22T14:05:52.113Z INFO [poolscope] UNDRAINED closed before the end of the body was seen:"
                                + " Stock.flush(Stock.java:88), 1 so far",
                        "    at com.acme.shop.Stock.flush(Stock.java:88)",
                        "  pool  httpclient@com.acme.shop.Stock, stock.internal:8080: each such close throws the connection away,"
                                + " even",
                        "        with no byte left",
                        "  mend  small bodies: read them to the end before closing, EntityUtils.consume(response.getEntity());",
                        "        who reads a stream himself: until read() returns -1, not just Content-Length bytes;",
                        "        large bodies that nobody wants: closing is right, ask for less (HEAD, filter_path, Range)",
                        ""));
    }

    @Test
    void aLineThatCostsReconnectsIsAWarningOnceAWindow() {
        Stock stock = Stock.open(desk.httpclient, 20);
        flush(stock, 1, Undrained.DISCARDED, 0);
        desk.look();
        flush(stock, 212, Undrained.DISCARDED, 0);
        desk.look();

        assertThat(stable(desk.pass(60 * S).look()))
                .startsWith("2026-11-22T14:05:52.113Z WARN [poolscope] UNDRAINED closed before the end of the body was"
                        + " seen: Stock.flush(Stock.java:88), 212 in 60 s, 213 in all\n")
                .containsPattern("100 % of its leases open a new connection, [0-9.]+ ms\\s+each");
        assertThat(desk.pass(60 * S).look()).as("nothing new").isEmpty();
    }

    @Test
    void aFewClosesAmongManyRequestsAreNotToldAgain() {
        Stock stock = Stock.open(desk.httpclient, 20);
        flush(stock, 1, Undrained.DISCARDED, 0);
        desk.look();
        flush(stock, 100, Undrained.DISCARDED, 0);
        for (int i = 0; i < 1_000; i++) {
            stock.read();
        }

        assertThat(desk.pass(60 * S).look()).isEmpty();
    }

    @Test
    void closesThatReadOnForLongAreAWarning() {
        Stock stock = Stock.open(desk.okhttp, 0);
        flush(stock, 1, Undrained.DRAINED_ON_CLOSE, 80 * MS);
        assertThat(desk.look()).contains("INFO", "closing read on for 80 ms on average");
        flush(stock, 30, Undrained.DRAINED_ON_CLOSE, 80 * MS);

        assertThat(stable(desk.pass(60 * S).look()))
                .contains("WARN [poolscope] UNDRAINED")
                .contains("closing read on for 80 ms on average, 2.4 s in all")
                .contains("response.body().string() or bytes()")
                .doesNotContain("EntityUtils");
    }

    @Test
    void whereNoLinesAreTakenTheRouteIsToldAndWhy() {
        CallSite.oneIn(CallSite.NONE);
        Stock stock = Stock.open(desk.httpclient, 20);
        flush(stock, 3, Undrained.DISCARDED, 0);

        assertThat(desk.look())
                .contains("seen: httpclient@com.acme.shop.Stock, stock.internal:8080, 3 so far")
                .contains("line  not taken: poolscope.leaks says so (adaptive takes it)");
    }
}

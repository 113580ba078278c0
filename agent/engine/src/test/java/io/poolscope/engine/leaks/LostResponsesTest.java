package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static io.poolscope.engine.leaks.Desk.stable;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Checkout;
import com.acme.shop.Stock;
import io.poolscope.model.CallSite;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Count;
import io.poolscope.model.Lease;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LostResponsesTest {

    private final Desk desk = new Desk();

    private static void lose(Stock stock, int responses) {
        for (int i = 0; i < responses; i++) {
            Checkout.reserve(stock, new Object());
        }
    }

    @Test
    void aLeakIsToldAtOnceWithItsLineItsCostAndItsMend() {
        Stock stock = Stock.open(desk.httpclient, 20);
        lose(stock, 1);

        assertThat(stable(desk.lookUntilLeaked(1)))
                .isEqualTo(String.join(
                        "\n",
                        "2026-11-22T14:05:52.113Z WARN [poolscope] LEAK a response was never closed:"
                                + " Stock.level(Stock.java:88), 1 so far",
                        "    at com.acme.shop.Stock.level(Stock.java:88)",
                        "    at com.acme.shop.Checkout.deeper(Checkout.java:88)",
                        "    ... 5 more frames of com.acme (poolscope.stacktrace.depth)",
                        "  pool  httpclient@com.acme.shop.Stock, stock.internal:8080: 1 of its 20 connections is gone for good",
                        "  seen  14:05:52, when the response was garbage collected: certain",
                        "  mend  read what is small to its end, and close on every path, also on errors:",
                        "        try (CloseableHttpResponse response = client.execute(request)) {",
                        "            EntityUtils.consume(response.getEntity()); // or toString, toByteArray: before anything can"
                                + " throw",
                        "        }",
                        ""));
        assertThat(desk.look()).as("told once").isEmpty();
    }

    @Test
    void furtherLeaksOfALineAreToldOnceAWindowWithTheirNumber() {
        Stock stock = Stock.open(desk.httpclient, 20);
        lose(stock, 1);
        desk.lookUntilLeaked(1);
        lose(stock, 16);

        assertThat(desk.lookUntilLeaked(17)).as("within the window").isEmpty();
        assertThat(stable(desk.pass(60 * S).look()))
                .contains("LEAK a response was never closed: Stock.level(Stock.java:88), 16 in 60 s, 17 in all\n")
                .contains("17 of its 20 connections are gone for good")
                .contains("first 14:05:52, last 14:05:52, when");
        assertThat(desk.pass(60 * S).look()).as("nothing new").isEmpty();
    }

    @Test
    void onOkHttpALeakCostsASocketUntilItLooks() {
        Stock stock = Stock.open(desk.okhttp, 0);
        lose(stock, 2);

        assertThat(stable(desk.lookUntilLeaked(2)))
                .contains(
                        "  pool  okhttp@com.acme.shop.Stock, stock.internal:8080: 2 connections stay open until OkHttp"
                                + " looks (at a new\n        connection, or after its keep-alive)\n")
                .contains("        try (Response response = client.newCall(request).execute()) {\n")
                .doesNotContain("gone for good");
    }

    @Test
    void aLeakOfOkHttpEndsWhenItsConnectionIsClosed() {
        Stock stock = Stock.open(desk.okhttp, 0);
        Lease lease = Checkout.reserve(stock, new Object());
        desk.lookUntilLeaked(1);
        assertThat(stock.route().count(Count.LEAKED)).isEqualTo(1);

        lease.connection().closed(CloseReason.IDLE_EVICTED);
        desk.look();

        assertThat(stock.route().count(Count.LEAKED)).isZero();
        assertThat(stock.route().count(Count.LEAKS)).isEqualTo(1);
    }

    @Test
    void aPoolThatItsFinalizerClosesBeforeTheLeakIsFoundLeakedAllTheSame() {
        Stock stock = Stock.open(desk.httpclient, 20);
        Lease lease = Checkout.reserve(stock, new Object());
        Awaitility.await().until(() -> {
            System.gc();
            return lease.isAbandoned();
        });
        stock.close();

        // As if the reference had not been enqueued yet.
        desk.closeTheBooks();
        assertThat(lease.isEnded()).isFalse();
        desk.lookUntilLeaked(1);
        desk.look();

        assertThat(lease.isEnded()).isTrue();
        assertThat(stock.route().count(Count.LEAKS)).isEqualTo(1);
    }

    @Test
    void aLeakWhoseLineWasNotTakenSaysSoAndTheNextOneIsTaken() {
        Stock stock = Stock.open(desk.httpclient, 20);
        CallSite.oneIn(CallSite.NONE);
        lose(stock, 1);
        CallSite.oneIn(64);

        assertThat(stable(desk.lookUntilLeaked(1)))
                .contains(
                        "LEAK a response was never closed: httpclient@com.acme.shop.Stock, stock.internal:8080, 1 so far")
                .contains("  line  not taken, as of most requests; from now on of every one on this route");
        lose(stock, 1);
        assertThat(desk.lookUntilLeaked(2)).contains("Stock.level(Stock.java:");
    }

    @Test
    void aConnectionThatTheClientItselfLostIsNoLinesFault() {
        Client httpclient5 = Client.add("apache-httpclient-5", "httpclient5", "5.3.1", Client.ON);
        Stock stock = Stock.open(httpclient5, 20);
        lose(stock, 1);
        stock.queue().granted(new Connection(stock.route())).unclaimed(new Object());

        assertThat(stable(desk.lookUntilLeaked(2)))
                .contains("LEAK a response was never closed: Stock.level(Stock.java:88), 1 so far\n")
                .contains("LEAK a connection was granted to a request that had given up:"
                        + " httpclient5@com.acme.shop.Stock, stock.internal:8080, 1 so far\n")
                .contains("2 of its 20 connections are gone for good\n")
                .contains("  seen  14:05:52, when the rest of the request was garbage collected: certain\n")
                .contains("  mend  no line of yours: the request gave up")
                .contains("HttpClient 5.6, with core 5.4, does not\n")
                .doesNotContain("not taken");
    }

    @Test
    void aLeakIsFoundWhenPoolClientAndResponseAreDroppedTogether() {
        Stock stock = Stock.open(desk.httpclient, 20);
        lose(stock, 1);
        stock.drop();

        assertThat(stable(desk.lookUntilLeaked(1)))
                .contains("LEAK a response was never closed: Stock.level(Stock.java:88), 1 so far")
                .contains(
                        "  pool  httpclient@com.acme.shop.Stock, stock.internal:8080: the whole pool was dropped, too");
        assertThat(desk.catalogue.totals().leaks).isEqualTo(1);
    }

    @Test
    void aResponseThatIsClosedIsNoLeak() {
        Stock stock = Stock.open(desk.httpclient, 20);
        Object response = new Object();
        Lease lease = stock.level(response);
        lease.end();
        response = null;

        Awaitility.await().during(Duration.ofMillis(300)).until(() -> {
            System.gc();
            return desk.look().isEmpty();
        });
        assertThat(desk.leaked).isEmpty();
    }

    @Test
    void theStackOfALeakedLeaseIsLetGoOfButItsLineIsKept() {
        Stock stock = Stock.open(desk.httpclient, 20);
        Lease lease = Checkout.reserve(stock, new Object());
        desk.lookUntilLeaked(1);

        assertThat(lease.site()).isNull();
        assertThat(desk.watchers.toMend()).singleElement().asString().startsWith("Stock.java:");
    }

    @Test
    void theAttributesAreThoseOfTheContract() {
        Stock stock = Stock.open(desk.httpclient, 20);
        lose(stock, 1);
        desk.lookUntilLeaked(1);

        assertThat(desk.reports).singleElement().satisfies(report -> {
            assertThat(report.event()).isEqualTo("poolscope.leak");
            assertThat(report.attributes())
                    .containsEntry("poolscope.client", "apache-httpclient-4")
                    .containsEntry("poolscope.pool.name", "httpclient@com.acme.shop.Stock")
                    .containsEntry("server.address", "stock.internal")
                    .containsEntry("server.port", 8080L)
                    .containsEntry("code.function.name", "com.acme.shop.Stock.level")
                    .containsEntry("code.file.path", "Stock.java")
                    .containsKey("code.line.number");
        });
    }

    @Test
    void whereRoutesAreNotToBeToldNoLineTellsThem() {
        Desk discreet = new Desk("text", false);
        Stock stock = Stock.open(discreet.httpclient, 20);
        CallSite.oneIn(CallSite.NONE);
        lose(stock, 1);

        assertThat(discreet.lookUntilLeaked(1))
                .contains("LEAK a response was never closed: httpclient@com.acme.shop.Stock, 1 so far")
                .doesNotContain("stock.internal", "8080");
        assertThat(discreet.reports.get(0).attributes()).doesNotContainKeys("server.address", "server.port");
    }

    @Test
    void onlyTheFiveSeriesWarnsOfReuseWithOldBytes() {
        Client five = Client.add("okhttp", "okhttp", "5.1.0", Client.ON);

        assertThat(Advice.of(five).leakCosts(1, -1)).contains("5.x may reuse it with old bytes in it");
        assertThat(Advice.of(five).leakCosts(2, -1)).contains("5.x may reuse them with old bytes in them");
        assertThat(Advice.of(desk.okhttp).leakCosts(1, -1)).doesNotContain("5.x");
    }
}

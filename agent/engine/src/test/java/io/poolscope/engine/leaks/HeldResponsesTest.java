package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static io.poolscope.engine.leaks.Desk.stable;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Checkout;
import com.acme.shop.Stock;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.model.Lease;
import org.junit.jupiter.api.Test;

class HeldResponsesTest {

    private final Desk desk = new Desk();
    private final Stock stock = Stock.open(desk.httpclient, 20);
    private final Object response = new Object();

    @Test
    void aResponseThatIsHeldForAMinuteIsSuspectedAndNotCalledALeak() {
        Checkout.reserve(stock, response);

        assertThat(desk.pass(59 * S).look()).isEmpty();
        assertThat(stable(desk.pass(33 * S).look()))
                .isEqualTo(String.join(
                        "\n",
                        "2026-11-22T14:05:52.113Z WARN [poolscope] SUSPECTED a response is held: Stock.level(Stock.java:88),"
                                + " given out 92 s ago, nothing read for 92 s",
                        "    at com.acme.shop.Stock.level(Stock.java:88)",
                        "    at com.acme.shop.Checkout.deeper(Checkout.java:88)",
                        "    ... 5 more frames of com.acme (poolscope.stacktrace.depth)",
                        "  pool  httpclient@com.acme.shop.Stock, stock.internal:8080: 1 of its 20 connections is held so now",
                        "  seen  14:05:52, not collected yet: perhaps leaked, perhaps slow; it is said when it comes back",
                        "  mend  if it comes back: read the body first, EntityUtils.toByteArray(response.getEntity()), work then;",
                        "        if not: close it on every path, with the body read to its end:",
                        "        try (CloseableHttpResponse response = client.execute(request)) {",
                        "            EntityUtils.consume(response.getEntity());",
                        "        }",
                        ""));
        assertThat(desk.leaked).hasSize(1);
        assertThat(desk.catalogue.totals().leaks).isZero();
    }

    @Test
    void ofALineThatIsKnownToLeakItIsNotSaidThatItIsSuspected() {
        Checkout.reserve(stock, new Object());
        assertThat(desk.lookUntilLeaked(1)).contains("LEAK ");

        Lease held = Checkout.reserve(stock, response);

        assertThat(desk.pass(92 * S).look()).isEmpty();
        assertThat(suspected()).isEqualTo(1);
        held.end();
        assertThat(desk.pass(2 * S).look()).isEmpty();
        assertThat(suspected()).isZero();
    }

    @Test
    void whatComesBackIsRetracted() {
        Lease lease = Checkout.reserve(stock, response);
        desk.pass(92 * S).look();
        assertThat(suspected()).isEqualTo(1);

        lease.end();

        assertThat(stable(desk.pass(2 * S).look()))
                .isEqualTo("2026-11-22T14:05:52.113Z INFO [poolscope] RETRACTED Stock.level(Stock.java:88) returned its"
                        + " response after 98 s: slow, not leaked\n");
        assertThat(suspected()).isZero();
    }

    @Test
    void whatIsReadAgainIsRetracted() {
        Lease lease = Checkout.reserve(stock, response);
        desk.pass(92 * S).look();

        lease.readBegins();

        assertThat(stable(desk.pass(2 * S).look())).contains("reads its response again after 92 s: slow, not leaked");
        assertThat(lease.isSuspected()).isFalse();
        assertThat(suspected()).isZero();
    }

    @Test
    void whatIsNeverGivenBackAndCollectedInTheEndIsALeakAndNotRetracted() {
        Checkout.reserve(stock, new Object());
        desk.pass(92 * S).look();
        desk.leaked.clear();

        assertThat(desk.lookUntilLeaked(1)).contains("LEAK").doesNotContain("RETRACTED");
        assertThat(suspected()).isZero();
    }

    @Test
    void aRequestThatWaitsForItsResponseIsNotHeld() {
        stock.borrow();

        assertThat(desk.pass(600 * S).look()).isEmpty();
    }

    @Test
    void aLongReadIsNotHeld() {
        Lease lease = Checkout.reserve(stock, response);
        lease.readBegins();

        assertThat(desk.pass(600 * S).look()).isEmpty();
    }

    private long suspected() {
        desk.pass(4 * S).look();
        return desk.catalogue.sites().stream()
                .filter(site -> site.function.equals("com.acme.shop.Stock.level"))
                .mapToLong((SiteSeries site) -> site.suspected)
                .sum();
    }
}

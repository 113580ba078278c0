package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static io.poolscope.engine.leaks.Desk.stable;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Checkout;
import com.acme.shop.Stock;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Timing;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExhaustionTest {

    private static final long MS = 1_000_000L;

    private final Desk desk = new Desk();

    @Test
    void whoHoldsTheConnectionsStandsInATableAndTheCauseIsNamed() {
        Stock stock = Stock.open(desk.httpclient, 20);
        for (int i = 0; i < 17; i++) {
            Checkout.reserve(stock, new Object());
        }
        desk.lookUntilLeaked(17);
        List<Lease> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(stock.borrow());
        }
        stock.queue().ended(WaitOutcome.TIMEOUT);

        String told = stable(desk.pass(372 * S).look()).replaceAll("after [0-9.]+ ms", "after 2.0 s");

        assertThat(told)
                .isEqualTo(String.join(
                        "\n",
                        "2026-11-22T14:05:52.113Z ERROR [poolscope] EXHAUSTED a request gave up after 2.0 s:"
                                + " 20 of 20 in use, 0 waiting",
                        "  pool  httpclient@com.acme.shop.Stock, stock.internal:8080",
                        "  who holds them                                  count    oldest  state",
                        "  com.acme.shop.Stock.level(Stock.java:88)           17  6 m 12 s  never closed (leak)",
                        "  line not taken yet (2)                              3  6 m 12 s  waiting for the response",
                        "  (2) a line is taken when the response is handed out",
                        "  cause leak: a larger pool would only take longer to fill",
                        "  mend  read what is small to its end, and close on every path, also on errors:",
                        "        try (CloseableHttpResponse response = client.execute(request)) {",
                        "            EntityUtils.consume(response.getEntity()); // or toString, toByteArray: before"
                                + " anything can throw",
                        "        }",
                        ""));
        assertThat(waiting).hasSize(3);
    }

    @Test
    void itIsToldAlsoWhenNothingEverEnds() {
        Stock stock = Stock.open(desk.httpclient, 2);
        stock.borrow();
        stock.borrow();
        Wait first = stock.queue();
        stock.queue();

        assertThat(desk.pass(4 * S).look()).isEmpty();
        assertThat(desk.pass(2 * S).look())
                .containsPattern(
                        "ERROR \\[poolscope] EXHAUSTED a request has waited for [67].\\d s: 2 of 2 in use, 2 waiting\n")
                .containsPattern(
                        "cause slow upstream: 2 of 2 wait for the response, the oldest for [67].\\d s; none came");
        assertThat(desk.pass(30 * S).look()).as("within the window").isEmpty();
        assertThat(desk.pass(31 * S).look()).contains("a request has waited for 6");

        first.ended(WaitOutcome.CANCELLED);
        Wait.OUTSTANDING.forEach(wait -> wait.ended(WaitOutcome.CANCELLED));
        assertThat(desk.pass(60 * S).look()).as("it is over").isEmpty();
    }

    @Test
    void manyWhoGiveUpAreOneReport() {
        Stock stock = Stock.open(desk.httpclient, 2);
        stock.borrow();
        for (int i = 0; i < 12; i++) {
            stock.queue().ended(WaitOutcome.TIMEOUT);
        }

        assertThat(desk.look()).contains("EXHAUSTED 12 requests gave up after up to ");
        assertThat(desk.reports).hasSize(1);
    }

    @Test
    void whatIsOverWhenItIsToldAgainIsToldAsOver() {
        Stock stock = Stock.open(desk.httpclient, 1);
        Lease lease = stock.borrow();
        stock.queue().ended(WaitOutcome.TIMEOUT);
        desk.look();
        stock.queue().ended(WaitOutcome.TIMEOUT);
        lease.end();

        assertThat(desk.pass(61 * S).look())
                .contains(" since, and it is over: 0 of 1 in use, 0 waiting")
                .doesNotContain("who holds them", "cause");
    }

    @Test
    void ofAPoolThatIsClosedNothingIsToldAnyMore() {
        Stock stock = Stock.open(desk.httpclient, 1);
        stock.borrow();
        stock.queue().ended(WaitOutcome.TIMEOUT);
        desk.look();
        stock.queue().ended(WaitOutcome.TIMEOUT);
        stock.close();

        assertThat(desk.pass(61 * S).look()).isEmpty();
    }

    @Test
    void aLimitOfTheWholePoolIsToldOnceAndAllItsRoutesAreHolders() {
        Stock stock = Stock.open(desk.httpclient, 2);
        stock.route().pool().routeLimit(10);
        Stock.borrow(stock.route("a", 80));
        Stock.borrow(stock.route("b", 80));
        stock.queue().ended(WaitOutcome.TIMEOUT);
        Wait.begin(stock.route("c", 80)).ended(WaitOutcome.TIMEOUT);

        assertThat(desk.look()).contains("2 of 2 in use", "; the pool's limit of 2 binds: ", " has 1, ");
        assertThat(desk.reports).hasSize(1);
    }

    @Test
    void whatADispatcherRunsIsItsLimit() {
        Stock stock = Stock.open(desk.okhttp, 0);
        stock.route().pool().dispatcherLimits(64, 5);
        for (int i = 0; i < 5; i++) {
            stock.borrow();
        }
        stock.queue();

        assertThat(desk.pass(6 * S).look())
                .contains("EXHAUSTED a request has waited for ", ": the dispatcher runs 5 at once, 1 waiting")
                .contains("callTimeout(...)");
    }

    // The cause, from loads of known shape.

    private static final SiteReader READER = new SiteReader(List.of());

    private Cause cause(Stock stock, Load before, long seconds, Load earlier) {
        long now = System.nanoTime();
        Limits limits = Limits.of(stock.route());
        Holders holders = Holders.of(limits.routes(), new LeaseSites(READER), now);
        Load recent = Load.of(List.of(stock.route()), before.time + seconds * S).since(before);
        return Cause.of(limits, holders, recent, earlier, 600 * S, new HttpClient4Advice(), true);
    }

    private static Load now(Stock stock, long at) {
        return Load.of(List.of(stock.route()), at);
    }

    private static void serve(Stock stock, int requests, long response, long use) {
        for (int i = 0; i < requests; i++) {
            stock.route().record(Timing.WAIT_SUCCESS, 0);
            stock.route().record(Timing.RESPONSE, response);
            stock.route().record(Timing.USE, use);
        }
    }

    @Test
    void aPoolThatIsTooSmallIsToldWhatItNeeds() {
        Stock stock = Stock.open(desk.httpclient, 10);
        Load before = now(stock, 0);
        serve(stock, 42 * 60, 300 * MS, 310 * MS);
        stock.borrow();

        Cause cause = cause(stock, before, 60, null);

        assertThat(cause.name).isEqualTo("pool too small");
        assertThat(cause.why)
                .isEqualTo(
                        "42 requests/s x 0.31 s would keep 13 connections busy on average, 23 for a p99 wait of 10 ms;"
                                + " the limit is 10");
        assertThat(cause.mend)
                .containsExactly(
                        "manager.setDefaultMaxPerRoute(23), of the PoolingHttpClientConnectionManager, and",
                        "setMaxTotal to no less; where the client makes that by itself,",
                        "HttpClients.custom().setMaxConnPerRoute(23), and setMaxConnTotal to no less");
    }

    @Test
    void thoseWhoWaitAreToHaveTheirTurnToo() {
        Stock stock = Stock.open(desk.httpclient, 10);
        Load before = now(stock, 0);
        // All ten are busy all the time, which is all that a pool of ten can serve.
        serve(stock, 32 * 60, 300 * MS, 310 * MS);
        stock.borrow();
        int without = proposed(cause(stock, before, 60, null));

        for (int i = 0; i < 180; i++) {
            stock.queue();
        }
        Cause cause = cause(stock, before, 60, null);

        assertThat(cause.name).isEqualTo("pool too small");
        assertThat(cause.why).contains(" busy on average, the 180 that wait some more: ");
        assertThat(proposed(cause)).isGreaterThanOrEqualTo(without + 5);
    }

    private static int proposed(Cause cause) {
        return Integer.parseInt(cause.mend.get(0).replaceAll("\\D+", ""));
    }

    @Test
    void theLimitThatBindsIsNamedAndTheOtherOneBesideIt() {
        Stock stock = Stock.open(desk.httpclient, 20);
        stock.route().pool().routeLimit(2);
        stock.borrow();
        stock.borrow();
        Stock.borrow(stock.route("a", 80));
        stock.queue().ended(WaitOutcome.TIMEOUT);

        assertThat(desk.look().replaceAll("\\s+", " "))
                .contains("stock.internal:8080; the route's limit of 2 binds; the pool has 3 of its 20 who holds")
                .doesNotContain("used up");
        assertThat(desk.reports.get(0).attributes())
                .containsEntry("poolscope.exhausted.limit_of", "route")
                .containsEntry("poolscope.exhausted.limit", 2L);
    }

    @Test
    void aPoolThatOthersUseUpIsToldWithWhoTheyAre() {
        Stock stock = Stock.open(desk.httpclient, 4);
        stock.route().pool().routeLimit(3);
        for (int i = 0; i < 3; i++) {
            Stock.borrow(stock.route("a", 80));
        }
        Stock.borrow(stock.route("b", 80));
        stock.queue().ended(WaitOutcome.TIMEOUT);

        assertThat(desk.look().replaceAll("\\s+", " "))
                .contains("stock.internal:8080; the pool's limit of 4 binds: a:80 has 3, b:80 has 1 who holds");
        assertThat(desk.reports.get(0).attributes()).containsEntry("poolscope.exhausted.limit_of", "pool");
    }

    @Test
    void aLimitOfOneRouteAloneIsMendedThere() {
        Stock stock = Stock.open(desk.httpclient, 100);
        stock.route().limit(10);
        Load before = now(stock, 0);
        serve(stock, 42 * 60, 300 * MS, 310 * MS);
        stock.borrow();

        Cause cause = cause(stock, before, 60, null);

        assertThat(cause.why).endsWith("; the route's limit is 10");
        assertThat(cause.mend.toString()).contains("manager.setMaxPerRoute(route, 23)");
    }

    @Test
    void whoFindsTheOnlyConnectionOutIsRefused() {
        Stock stock = Stock.open(desk.httpclient, 1);
        Lease lease = stock.borrow();
        stock.queue().ended(WaitOutcome.FAILED);

        assertThat(desk.look())
                .contains("EXHAUSTED a request was refused at once: the only connection was out\n")
                .contains("cause pool too small: a manager of one connection serves one request after the other")
                .contains("new PoolingHttpClientConnectionManager()");

        lease.leaked();
        stock.queue().ended(WaitOutcome.FAILED);
        stock.queue().ended(WaitOutcome.FAILED);
        assertThat(desk.pass(61 * S).look())
                .contains("EXHAUSTED 2 requests were refused at once")
                .contains("never closed (leak)")
                .contains("cause leak: ");
    }

    @Test
    void whoFailsInALargerPoolIsNotRefused() {
        Stock stock = Stock.open(desk.httpclient, 2);
        stock.borrow();
        stock.borrow();
        stock.queue().ended(WaitOutcome.FAILED);

        assertThat(desk.look()).isEmpty();
    }

    @Test
    void anUpstreamThatHasBecomeSlowIsToldWithWhatItTookBefore() {
        Stock stock = Stock.open(desk.httpclient, 10);
        Load start = now(stock, 0);
        serve(stock, 1_200, 40 * MS, 45 * MS);
        Load middle = now(stock, 30 * S);
        Load earlier = middle.since(start);
        serve(stock, 1_200, 1_900 * MS, 1_905 * MS);
        stock.borrow();

        Cause cause = cause(stock, middle, 30, earlier);

        assertThat(cause.name).isEqualTo("slow upstream");
        assertThat(cause.why).isEqualTo("the response took 1.9 s on average, 40 ms 10 m 0 s ago, at the same rate");
        assertThat(cause.mend.toString()).contains("setSocketTimeout").doesNotContain("setMaxConn");
    }

    @Test
    void connectionsThatAreAlwaysNewAreChurn() {
        Stock stock = Stock.open(desk.httpclient, 10);
        Load before = now(stock, 0);
        for (int i = 0; i < 40; i++) {
            Connection connection = new Connection(stock.route());
            Lease lease = Wait.begin(stock.route()).granted(connection);
            connection.opened();
            lease.requestSent(null);
            lease.heldBy(new Object());
            lease.responseStarted();
            stock.route().record(Timing.CREATE, 50 * MS);
            lease.end();
        }

        Cause cause = cause(stock, before, 1, null);

        assertThat(cause.name).isEqualTo("churn");
        assertThat(cause.why).startsWith("100 % of the requests opened a new connection, 50 ms each");
    }

    @Test
    void aSlowReaderIsNotASlowUpstream() {
        Stock stock = Stock.open(desk.httpclient, 10);
        Load before = now(stock, 0);
        serve(stock, 100, 40 * MS, 5_200 * MS);
        Lease lease = stock.borrow();
        lease.responseStarted();

        Cause cause = cause(stock, before, 60, null);

        assertThat(cause.name).isEqualTo("slow reader");
        assertThat(cause.why).contains("kept for 5.2 s on average");
    }

    @Test
    void theMendForALeakIsNeverALargerPool() {
        Stock stock = Stock.open(desk.httpclient, 3);
        Load before = now(stock, 0);
        serve(stock, 10_000, 300 * MS, 310 * MS);
        Lease lease = stock.level(new Object());
        lease.leaked();
        stock.borrow();

        Cause cause = cause(stock, before, 60, null);

        assertThat(cause.name).isEqualTo("leak");
        assertThat(cause.mend.toString()).contains("EntityUtils.consume").doesNotContain("setMax");
    }

    @Test
    void erlangsFormulaAgreesWithPublishedTables() {
        // 20 erlangs, 30 servers: P(wait) = 0.025 (Erlang C tables); without patience that is the whole probability.
        assertThat(Queueing.connections(20, 1, 0, 0.0251)).isLessThanOrEqualTo(30);
        assertThat(Queueing.connections(20, 1, 0, 0.02)).isGreaterThan(30);
        assertThat(Queueing.connections(0.1, 1, 0, 0.11)).isEqualTo(1);
    }
}

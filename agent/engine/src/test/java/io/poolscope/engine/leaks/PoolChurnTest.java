package io.poolscope.engine.leaks;

import static io.poolscope.engine.leaks.Desk.S;
import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Stock;
import io.poolscope.engine.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PoolChurnTest {

    private final Desk desk = new Desk();

    /** A pool that serves so many requests. */
    private Stock use(int requests) {
        Stock stock = Stock.open(desk.httpclient, 20);
        for (int i = 0; i < requests; i++) {
            stock.read();
        }
        return stock;
    }

    private List<Stock> use(int pools, int requests) {
        List<Stock> used = new ArrayList<>();
        for (int i = 0; i < pools; i++) {
            used.add(use(requests));
        }
        return used;
    }

    @Test
    void aPoolForEveryRequestIsToldWithTheLineThatBuildsThem() {
        use(12, 1).forEach(Stock::close);

        String text = desk.look();

        assertThat(Desk.stable(text).replaceAll("[0-9.]+ (ms|us)", "3.1 ms"))
                .startsWith(
                        "2026-11-22T14:05:52.113Z WARN [poolscope] CHURN a new pool for every request: Stock.open(Stock.java:88), 12 in 3.1 ms\n"
                                + "    at com.acme.shop.Stock.open(Stock.java:88)\n")
                .contains(
                        "  pool  httpclient@com.acme.shop.Stock, stock.internal:8080: 12 pools served 12 requests, over a new\n"
                                + "        connection every time, 3.1 ms to connect\n"
                                + "  mend  build the client once and share it")
                .doesNotContain("closed:");
        Report report = desk.reports.get(desk.reports.size() - 1);
        assertThat(report.event()).isEqualTo("poolscope.churn");
        assertThat(report.attributes())
                .containsEntry("poolscope.pool.name", "httpclient@com.acme.shop.Stock")
                .containsEntry("server.address", "stock.internal")
                .containsEntry("code.function.name", "com.acme.shop.Stock.open")
                .containsEntry("poolscope.report.count", 12L)
                .containsEntry("poolscope.churn.requests", 12L)
                .containsEntry("poolscope.churn.unclosed", 0L);
        assertThat(desk.watchers.toMend()).hasSize(1);
        assertThat(desk.watchers.shortLivedPools()).isEqualTo(12);
    }

    @Test
    void itIsToldOnceAWindow() {
        use(12, 1).forEach(Stock::close);
        assertThat(desk.look()).contains("CHURN");

        use(12, 2).forEach(Stock::close);
        assertThat(desk.look()).isEmpty();
        assertThat(desk.pass(60 * S).look())
                .contains("CHURN a new pool for every 2.0 requests: Stock.open(")
                .contains("12 in 60 s, 24 in all");
        assertThat(desk.pass(60 * S).look()).isEmpty();
    }

    @Test
    void aFewAreNotWorthAReport() {
        for (int window = 0; window < 5; window++) {
            use(9, 1).forEach(Stock::close);
            assertThat(desk.look()).isEmpty();
            assertThat(desk.pass(60 * S).look()).isEmpty();
        }
    }

    @Test
    void poolsThatServedOrThatNobodyUsedAreNotMeant() {
        use(30, 4).forEach(Stock::close);
        use(30, 0).forEach(Stock::close);

        assertThat(desk.look()).isEmpty();
    }

    @Test
    void poolsThatWereNeverClosedAreFoundWhenTheyAreCollected() {
        use(12, 1);
        StringBuilder text = new StringBuilder();

        Awaitility.await().until(() -> {
            System.gc();
            text.append(desk.look());
            return text.indexOf("CHURN") >= 0;
        });

        assertThat(text.toString().replaceAll("\\s+", " "))
                .containsAnyOf("none of them was closed: what they keep open stays open until", "never closed");
    }

    @Test
    void poolsThatLieThereAreToldWhereTheirLineGoesOnBuilding() {
        List<Stock> lying = new ArrayList<>();
        String text = "";
        for (int i = 0; i < 20 && text.isEmpty(); i++) {
            lying.addAll(use(2, 1));
            text = desk.pass(10 * S).look();
        }

        assertThat(text).contains("CHURN a new pool for every request").contains("none of them was closed");
        long told = desk.watchers.shortLivedPools();
        lying.forEach(Stock::close);
        desk.look();
        assertThat(desk.pass(61 * S).look()).doesNotContain(told + " in all");
    }

    @Test
    void poolsThatLayThereAndWerePassedOverAreToldWhenTheyDie() {
        List<Stock> burst = use(20, 1);
        assertThat(desk.look()).isEmpty();
        assertThat(desk.pass(61 * S).look()).as("a burst is no habit").isEmpty();
        assertThat(desk.pass(61 * S).look()).isEmpty();

        burst.forEach(Stock::close);

        assertThat(desk.look()).contains("CHURN a new pool for every request: Stock.open(");
        assertThat(desk.watchers.shortLivedPools()).isEqualTo(20);
    }

    @Test
    void poolsThatLieThereAndDieBeforeTheyAreToldCountOnce() {
        List<Stock> burst = use(20, 1);
        desk.look();
        desk.pass(61 * S).look();

        burst.forEach(Stock::close);

        assertThat(desk.look()).contains("CHURN");
        assertThat(desk.watchers.shortLivedPools()).isEqualTo(20);
    }

    @Test
    void aPoolForEachTenantIsNoChurn() {
        List<Stock> tenants = use(30, 1);

        for (int i = 0; i < 30; i++) {
            assertThat(desk.pass(10 * S).look()).isEmpty();
        }
        assertThat(tenants).hasSize(30);
    }

    @Test
    void whatLeadsToSeveralPlacesNamesNone() {
        for (int i = 0; i < 12; i++) {
            Stock stock = Stock.open(desk.httpclient, 20);
            Stock.borrow(stock.route("host-" + i, 8080)).end();
            stock.close();
        }

        assertThat(desk.look())
                .contains("pool  httpclient@com.acme.shop.Stock: 12 pools")
                .doesNotContain("host-");
    }
}

package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.pools.BoundedInventory;
import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.pools.RouteSeries;
import io.poolscope.engine.pools.SiteSeries;
import io.poolscope.engine.start.Settings;
import io.poolscope.model.Client;
import io.poolscope.model.Connection;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a scrape costs when all bounds are reached and everything that can happen has happened on every route: 50 pools of
 * ten routes, of which 30 are told apart, 100 pairs of call site and route, connects that fail on eight routes.
 */
class CapsTest {

    private static final int POOLS = 50;
    private static final int ROUTES_OF_A_POOL = 10;
    private static final int SITES = 100;
    private static final int FAILING = 8;
    private static final int SCRAPES = 20;

    private final Shop shop = new Shop();
    private final Said said = new Said();
    private final Telemetry telemetry = Telemetry.start(
            Settings.of("port=0", Map.of(), Map.of()), new BoundedInventory(shop, 30), "1.2.3", null, said);

    @AfterEach
    void stop() {
        telemetry.close(2_000);
    }

    @Test
    void aScrapeAtTheCapsStaysWithinItsBudget() throws Exception {
        fill();

        Scrape scrape = Scrape.of(telemetry.address());
        long best = Long.MAX_VALUE;
        for (int i = 0; i < SCRAPES; i++) {
            long begin = System.nanoTime();
            Scrape.fetch(telemetry.address(), "text/plain");
            best = Math.min(best, System.nanoTime() - begin);
        }

        int bytes = scrape.text.getBytes(StandardCharsets.UTF_8).length;
        System.out.printf(
                "scrape at the caps: %d series, %d lines, %d bytes, %.1f ms at best of %d%n",
                scrape.samples.size(), scrape.text.lines().count(), bytes, best / 1e6, SCRAPES);
        assertThat(scrape.samples.size()).isBetween(5_000, 6_000);
        assertThat(bytes).isLessThan(1_500_000);
    }

    private void fill() {
        Client client = Shop.client("apache-httpclient-4");
        for (int i = 0; i < POOLS; i++) {
            List<String> origins = new ArrayList<>();
            for (int k = 0; k < ROUTES_OF_A_POOL; k++) {
                origins.add("stock-" + k + ".warehouse.internal.example:8443");
            }
            List<Route> routes = shop.pool(name(i), client, origins);
            Pool pool = routes.get(0).pool();
            pool.limit(100);
            pool.idleLimit(10);
            pool.dispatcherLimits(64, 5);
            for (Route route : routes) {
                route.limit(20);
                route.streamLimit(100);
                use(route, i == 0 && routes.indexOf(route) < FAILING);
            }
        }
        Route other = Pool.others(client);
        use(other, false);
        shop.show(new PoolSeries(
                Names.OTHER, client.name(), null, List.of(new RouteSeries(Route.OTHER, -1, null, List.of(other)))));
        sites(client);
    }

    private static String name(int pool) {
        return "httpclient@com.acme.shop.warehouse.StockClient" + pool;
    }

    private void sites(Client client) {
        for (int i = 0; i < SITES; i++) {
            shop.site(new SiteSeries(
                    name(i % POOLS),
                    client.name(),
                    "stock-" + i % ROUTES_OF_A_POOL + ".warehouse.internal.example",
                    8443,
                    null,
                    "com.acme.shop.warehouse.StockClient.levelOfWarehouse" + i,
                    17,
                    2,
                    212,
                    3));
        }
    }

    private static void use(Route route, boolean failing) {
        List<Timing> all = new ArrayList<>(List.of(Timing.values()));
        for (Timing timing : all) {
            for (long nanos = 50_000; nanos < 4_000_000_000_000L; nanos *= 2) {
                route.record(timing, nanos);
            }
        }
        if (failing) {
            Connection connection = new Connection(route);
            connection.opening();
            connection.failedToOpen("java.net.ConnectException");
        }
    }
}

package io.poolscope.engine.pools;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.shop.Stock;
import io.poolscope.model.CallSite;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Count;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import io.poolscope.model.Routes;
import io.poolscope.model.Undrained;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private static final long S = 1_000_000_000L;

    private final Client client = Client.add("apache-httpclient-4", "httpclient", "4.5.14", Client.ON);
    private final SiteReader reader = new SiteReader(List.of());
    private Catalogue catalogue;
    private long ahead;

    @BeforeEach
    void clear() {
        CallSite.oneIn(64);
        Lease.OUTSTANDING.forEach(Lease::takenBack);
        Wait.OUTSTANDING.forEach(wait -> wait.ended(WaitOutcome.CANCELLED));
        while (Pool.poll() != null || Event.poll() != null) {
            // Drop it.
        }
        catalogue = new Catalogue(4, 100, true, 300 * S, reader);
    }

    private void pass(long nanos) {
        ahead += nanos;
        tick();
    }

    private void tick() {
        catalogue.takeIn();
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            if (event.kind == Event.Kind.UNDRAINED) {
                catalogue.ledger().undrained(event.route, reader.read(event.site.getStackTrace()), event.undrained);
            }
        }
        catalogue.tick(System.nanoTime() + ahead);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        catalogue.pools().forEach(pool -> names.add(pool.name()));
        return names;
    }

    private long exported(Count count) {
        return catalogue.pools().stream()
                .flatMap(pool -> pool.routes().stream())
                .flatMap(route -> route.parts().stream())
                .mapToLong(route -> route.count(count))
                .sum();
    }

    @Test
    void aPoolThatIsBuiltAnewInPlaceOfOneInTroubleIsUnderWatchFromTheFirst() {
        Stock leaking = Stock.open(client, 2);
        Routes other = Routes.open(client, true);
        Route elsewhere = other.describe("a", "price.internal", 8080, null);
        tick();
        leaking.route().alert();
        leaking.close();

        Stock rebuilt = Stock.open(client, 2);
        tick();

        assertThat(rebuilt.route().isAlert()).isTrue();
        assertThat(elsewhere.isAlert()).isFalse();
    }

    @Test
    void poolsAreNamedByTheClassThatBuiltThemInOrder() {
        Stock.open(client, 2).read();
        Stock.open(client, 2).read();
        Stock.open(client, 2).read();
        pass(4 * S);

        assertThat(names())
                .containsExactly(
                        "httpclient@com.acme.shop.Stock",
                        "httpclient@com.acme.shop.Stock#2",
                        "httpclient@com.acme.shop.Stock#3");
        assertThat(catalogue.poolCount()).isEqualTo(3);
    }

    @Test
    void aPoolThatNobodyUsesHasNoNameAndTakesNone() {
        Routes spare = Routes.open(client, false);
        Stock.open(client, 2).read();
        pass(4 * S);

        assertThat(names()).containsExactly("httpclient@com.acme.shop.Stock");
        assertThat(catalogue.poolCount()).isEqualTo(1);
        assertThat(spare.pool().routes()).isEmpty();
    }

    @Test
    void aPoolPerRequestIsOneSumWithExactTotals() {
        for (int i = 0; i < 1_000; i++) {
            Stock stock = Stock.open(client, 2);
            stock.read();
            stock.close();
            if (i % 100 == 99) {
                pass(S / 4);
            }
        }
        pass(S);
        assertThat(names()).containsExactly(Route.OTHER);
        assertThat(exported(Count.GRANTED_NEW)).isEqualTo(1_000);
        pass(10 * S);

        assertThat(names()).containsExactly(Route.OTHER);
        assertThat(exported(Count.GRANTED_NEW)).isEqualTo(1_000);
        assertThat(exported(Count.ACTIVE) + exported(Count.IDLE)).isZero();
        assertThat(catalogue.pools().get(0).routes().get(0).parts())
                .as("gathered")
                .hasSize(1);
        assertThat(catalogue.poolCount()).isZero();
        assertThat(catalogue.totals().requests).isEqualTo(1_000);
        assertThat(catalogue.totals().pools).isEqualTo(1_000);
    }

    @Test
    void countersOfTheSumNeverFallWhilePoolsComeAndGo() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        threads.submit(() -> {
            long before = 0;
            while (!isOver.get()) {
                long now = exported(Count.GRANTED_NEW);
                assertThat(now).isGreaterThanOrEqualTo(before);
                before = now;
            }
            return null;
        });
        for (int i = 0; i < 300; i++) {
            Stock stock = Stock.open(client, 2);
            stock.read();
            stock.close();
            pass(S / 2);
        }
        pass(10 * S);
        isOver.set(true);
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(exported(Count.GRANTED_NEW)).isEqualTo(300);
    }

    @Test
    void poolsPastTheBoundAreOneForEver() {
        List<Stock> stocks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            stocks.add(Stock.open(client, 2));
            stocks.get(i).read();
        }
        pass(4 * S);
        assertThat(names()).hasSize(5).contains(Route.OTHER);
        assertThat(catalogue.overflow()).isEqualTo(2);

        stocks.get(0).close();
        tick();
        pass(301 * S);

        assertThat(names()).hasSize(4).contains(Route.OTHER).doesNotContain("httpclient@com.acme.shop.Stock");
        assertThat(exported(Count.GRANTED_NEW)).isEqualTo(5);
    }

    @Test
    void aClosedPoolKeepsItsSeriesForAWhileAndItsNumberIsFreeThen() {
        Stock first = Stock.open(client, 2);
        Stock second = Stock.open(client, 2);
        first.read();
        second.read();
        pass(4 * S);
        first.close();
        tick();
        pass(299 * S);
        assertThat(names()).hasSize(2);
        pass(3 * S);
        assertThat(names()).containsExactly("httpclient@com.acme.shop.Stock#2");

        Stock.open(client, 2).read();
        pass(4 * S);

        assertThat(names()).containsExactly("httpclient@com.acme.shop.Stock#2", "httpclient@com.acme.shop.Stock");
    }

    @Test
    void leasesOfAClosedPoolEndAndItsGaugesAreGone() {
        Stock stock = Stock.open(client, 2);
        Lease lease = stock.borrow();
        stock.read();
        pass(4 * S);
        assertThat(exported(Count.ACTIVE)).isEqualTo(1);

        stock.close();
        tick();
        assertThat(lease.isEnded()).isTrue();
        assertThat(lease.connection().isOpen()).as("left by its pool").isFalse();
        assertThat(stock.route().closes(CloseReason.POOL_CLOSED)).isEqualTo(1);
        pass(3 * S);

        assertThat(exported(Count.LEASES)).isZero();
        assertThat(exported(Count.ACTIVE) + exported(Count.IDLE)).isZero();
    }

    @Test
    void leasesOfACollectedPoolEndOnceItsLeaksCouldBeFound() {
        Stock stock = Stock.open(client, 2);
        Route route = stock.route();
        Lease lease = stock.borrow();
        stock.drop();
        Awaitility.await().until(() -> {
            System.gc();
            return route.pool().isGone();
        });

        tick();
        assertThat(lease.isEnded()).as("its leak may still be found").isFalse();
        pass(3 * S);

        assertThat(lease.isEnded()).isTrue();
        assertThat(exported(Count.LEASES)).isZero();
    }

    @Test
    void whereRoutesAreNotToBeToldTheyAreOne() {
        catalogue = new Catalogue(4, 100, false, 300 * S, reader);
        Stock stock = Stock.open(client, 5);
        Stock.borrow(stock.route("secret", 80));
        stock.read();
        pass(4 * S);

        assertThat(catalogue.pools()).singleElement().satisfies(pool -> {
            assertThat(pool.routes()).singleElement().satisfies(route -> {
                assertThat(route.host()).isNull();
                assertThat(route.port()).isEqualTo(-1);
                assertThat(route.parts()).hasSize(2);
            });
        });
    }

    @Test
    void nothingIsToldOfAClientThatTripped() {
        Stock.open(client, 2).read();
        pass(4 * S);
        client.unsupported(new IllegalStateException("a field is missing"));
        pass(S);

        assertThat(catalogue.pools()).isEmpty();
        assertThat(catalogue.sites()).isEmpty();
    }

    @Test
    void aPoolThatIsYoungAtTheExitIsTold() {
        Stock.open(client, 2).read();
        tick();
        assertThat(names()).isEmpty();

        catalogue.matureAll();

        assertThat(names()).containsExactly("httpclient@com.acme.shop.Stock");
    }

    @Test
    void undrainedClosesOfAllLinesSumUpToWhatTheirRouteCountedAndNoneFalls() throws Exception {
        int threads = 4;
        int closes = 20_000;
        Stock stock = Stock.open(client, 50);
        ExecutorService storm = Executors.newFixedThreadPool(threads);
        for (int thread = 0; thread < threads; thread++) {
            int seed = thread;
            storm.submit(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < closes; i++) {
                    Undrained outcome = random.nextInt(3) == 0 ? Undrained.DRAINED_ON_CLOSE : Undrained.DISCARDED;
                    if (random.nextBoolean()) {
                        stock.flush(outcome, 1);
                    } else {
                        flushElsewhere(stock, outcome);
                    }
                }
            });
        }
        storm.shutdown();
        Map<String, Long> before = new HashMap<>();
        do {
            pass(S / 4);
            for (SiteSeries site : catalogue.sites()) {
                notFallen(before, site.pool + site.function + "discarded", site.discarded);
                notFallen(before, site.pool + site.function + "drained", site.drained);
            }
        } while (!storm.awaitTermination(5, TimeUnit.MILLISECONDS));
        pass(4 * S);
        pass(S);

        Route route = stock.route();
        assertThat(catalogue.sites().stream().mapToLong(site -> site.discarded).sum())
                .isEqualTo(route.count(Count.UNDRAINED_DISCARDED));
        assertThat(catalogue.sites().stream().mapToLong(site -> site.drained).sum())
                .isEqualTo(route.count(Count.UNDRAINED_DRAINED));
        assertThat(route.count(Count.UNDRAINED_DISCARDED) + route.count(Count.UNDRAINED_DRAINED))
                .isEqualTo((long) threads * closes);
        assertThat(catalogue.sites()).extracting(site -> site.function).contains("com.acme.shop.Stock.flush");
    }

    private static void flushElsewhere(Stock stock, Undrained outcome) {
        Lease lease = stock.borrow();
        lease.closedUndrained(outcome, 0);
        Stock.giveBack(lease);
    }

    private static void notFallen(Map<String, Long> before, String key, long now) {
        Long last = before.put(key, now);
        assertThat(now).as(key).isGreaterThanOrEqualTo(last == null ? 0 : last);
    }

    @Test
    void pairsOfLineAndRoutePastTheBoundAreOneRow() {
        catalogue = new Catalogue(4, 3, true, 300 * S, reader);
        Stock stock = Stock.open(client, 5);
        Route route = stock.route();
        tick();
        for (int i = 0; i < 10; i++) {
            String line = "com.acme.Line" + i;
            catalogue.ledger().leaked(route, new Site(line, line, "", -1, line, List.of()));
        }
        pass(4 * S);

        assertThat(catalogue.sites()).hasSize(4);
        assertThat(catalogue.sites().stream().mapToLong(site -> site.leaks).sum())
                .isEqualTo(10);
        assertThat(catalogue.sites()).anySatisfy(site -> {
            assertThat(site.function).isEqualTo(SiteSeries.OTHER);
            assertThat(site.leaks).isEqualTo(7);
        });
        assertThat(catalogue.overflow()).isPositive();
    }

    @Test
    void whatALineDidToAPoolThatJoinsTheOthersGoesWithIt() {
        Stock stock = Stock.open(client, 5);
        stock.flush(Undrained.DISCARDED, 0);
        tick();
        assertThat(catalogue.sites()).as("young").isEmpty();
        stock.close();
        tick();
        pass(S);
        pass(5 * S);

        assertThat(catalogue.sites()).singleElement().satisfies(site -> {
            assertThat(site.pool).isEqualTo(Route.OTHER);
            assertThat(site.function).isEqualTo("com.acme.shop.Stock.flush");
            assertThat(site.discarded).isEqualTo(1);
        });
        assertThat(exported(Count.UNDRAINED_DISCARDED)).isEqualTo(1);
    }
}

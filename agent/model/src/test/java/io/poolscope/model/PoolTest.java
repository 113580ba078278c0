package io.poolscope.model;

import static io.poolscope.model.Sample.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolTest {

    private final Pool pool = new Pool(CLIENT, true, null);

    @AfterEach
    void defaultBound() {
        Pool.maxRoutes(30);
    }

    @Test
    void hasOneRouteForEachOriginAndProxy() {
        Route direct = pool.route("a", 80, null);
        assertThat(pool.route("a", 80, null)).isSameAs(direct);
        assertThat(pool.route("a", 81, null)).isNotSameAs(direct);
        assertThat(pool.route("a", 80, "proxy:3128")).isNotSameAs(direct);
        assertThat(pool.routes()).hasSize(3);
    }

    @Test
    void gathersRoutesPastTheBoundInOne() {
        Pool.maxRoutes(2);
        Route first = pool.route("a", 1, null);
        pool.route("b", 1, null);
        Route third = pool.route("c", 1, null);
        Route fourth = pool.route("d", 1, null);

        assertThat(third).isSameAs(fourth);
        assertThat(third.isOther()).isTrue();
        assertThat(third.host()).isEqualTo("_OTHER");
        assertThat(pool.route("a", 1, null)).isSameAs(first);
        assertThat(pool.routes()).hasSize(3);
    }

    @Test
    void isMadeKnownWithTheLineThatBuiltIt() {
        drain();
        Routes routes = Routes.open(CLIENT, false);

        Pool known = Pool.poll();

        assertThat(known).isSameAs(routes.pool());
        assertThat(known.isBounded()).isFalse();
        assertThat(known.takeBuiltAt().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("isMadeKnownWithTheLineThatBuiltIt"));
        assertThat(known.takeBuiltAt()).isNull();
        assertThat(Pool.poll()).isNull();
    }

    @Test
    void doesNotPileUpWhereNobodyLooks() {
        drain();
        for (int i = 0; i < 10_500; i++) {
            new Pool(CLIENT, true, null).built(null);
        }
        assertThat(drain()).isEqualTo(10_000);
    }

    @Test
    void isNotClosedByWhomThatHappensToAfterItWasCollected() {
        Pool known = dropped();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            System.gc();
            return known.isGone();
        });

        known.closed();

        assertThat(known.isClosed()).isFalse();
    }

    private static Pool dropped() {
        return Routes.open(CLIENT, true).pool();
    }

    @Test
    void isGoneWhenWhatTheLibraryCarriesIsCollected() {
        Routes[] carried = {Routes.open(CLIENT, true)};
        Pool known = carried[0].pool();
        System.gc();
        try {
            assertThat(known.isGone()).isFalse();
        } finally {
            Reference.reachabilityFence(carried[0]);
        }
        carried[0] = null;
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return known.isGone();
        });
    }

    @Test
    void hasNoLimitUntilItIsSet() {
        assertThat(pool.limit()).isEqualTo(Pool.NO_LIMIT);
        assertThat(pool.route("a", 1, null).limit()).isEqualTo(Pool.NO_LIMIT);
        pool.dispatcherLimits(64, 5);
        assertThat(pool.dispatcherLimit()).isEqualTo(64);
        assertThat(pool.dispatcherHostLimit()).isEqualTo(5);
    }

    @Test
    void isMadeKnownOnceWhenItsFirstRouteIsAskedForWhereItWasBuiltPerhapsForNothing() {
        drain();
        Routes routes = Routes.prepare(CLIENT, false);
        assertThat(Pool.poll()).isNull();

        routes.towards("a", 80);
        routes.towards("b", 80);

        assertThat(Pool.poll()).isSameAs(routes.pool());
        assertThat(Pool.poll()).isNull();
    }

    @Test
    void leadsToAnOriginByTheRouteOfTheLatestConnectionThere() {
        Routes routes = Routes.prepare(CLIENT, false);
        Route direct = routes.towards("a", 80);
        assertThat(routes.to("a", 80, Proxy.NO_PROXY)).isSameAs(direct);
        assertThat(direct.proxy()).isNull();

        Route behind =
                routes.to("a", 80, new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128)));

        assertThat(behind.proxy()).isEqualTo("proxy:3128");
        assertThat(routes.towards("a", 80)).isSameAs(behind);
        assertThat(routes.towards("a", 81).port()).isEqualTo(81);
    }

    @Test
    void remembersWhatARouteObjectOfTheLibraryStandsFor() {
        Routes routes = Routes.open(CLIENT, true);
        Object key = new Object();
        assertThat(routes.knows(key)).isFalse();
        Route described = routes.describe(key, "a", 80, null);
        assertThat(routes.knows(key)).isTrue();
        assertThat(routes.of(key)).isSameAs(described);
        assertThat(routes.of("undescribed").host()).isEqualTo("undescribed");
    }

    @Test
    void remembersNoMoreThanAThousandRouteObjects() {
        Routes routes = Routes.open(CLIENT, true);
        Object[] keys = new Object[2000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new Object();
            routes.describe(keys[i], "a", 80, null);
        }
        int known = 0;
        for (Object key : keys) {
            known += routes.knows(key) ? 1 : 0;
        }
        assertThat(known).isEqualTo(1024);
    }

    private static int drain() {
        int pools = 0;
        while (Pool.poll() != null) {
            pools++;
        }
        return pools;
    }

    @Test
    void aPortThatIsLeftToItsSchemeIsToldAsWhatThatMeans() {
        Routes routes = Routes.open(CLIENT, true);
        assertThat(routes.describe(new Object(), "https", "a", -1, null).port()).isEqualTo(443);
        assertThat(routes.describe(new Object(), "HTTPS", "a", -1, null).port()).isEqualTo(443);
        assertThat(routes.describe(new Object(), "http", "a", -1, "p:3128").port())
                .isEqualTo(80);
        assertThat(routes.describe(new Object(), "https", "a", 8443, null).port())
                .isEqualTo(8443);
    }
}

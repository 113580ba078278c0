package io.poolscope.engine.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Shop;
import io.poolscope.model.Client;
import io.poolscope.model.Count;
import io.poolscope.model.Pool;
import io.poolscope.model.Route;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BoundedInventoryTest {

    private final Shop shop = new Shop();
    private final BoundedInventory bounded = new BoundedInventory(shop, 2);
    private final Client client = Shop.client("bounded");

    private List<String> told() {
        return bounded.pools().stream()
                .flatMap(pool -> pool.routes().stream().map(series -> pool.name() + " " + series.host()))
                .collect(Collectors.toList());
    }

    /** What is counted as failed under {@code _OTHER}. */
    private long others() {
        return bounded.pools().stream()
                .filter(pool -> pool.name().equals(Names.OTHER))
                .flatMap(pool -> pool.routes().stream())
                .flatMap(series -> series.parts().stream())
                .mapToLong(route -> route.count(Count.WAIT_FAILED))
                .sum();
    }

    @Test
    void whoComesFirstIsToldAndTheRestIsOneSum() {
        shop.pool("a", client, List.of("x:1", "y:2", "z:3")).get(2).add(Count.WAIT_FAILED, 5);
        shop.pool("b", client, "w", 4).add(Count.WAIT_FAILED, 7);

        assertThat(told()).containsExactly("a x", "a y", "_OTHER _OTHER");
        assertThat(others()).isEqualTo(12);
        assertThat(bounded.overflow()).isEqualTo(2);
        assertThat(bounded.pools())
                .extracting(PoolSeries::name)
                .as("their limits are told")
                .contains("b");
    }

    @Test
    void whatThePoolsPastTheirOwnBoundHaveIsInTheSameSum() {
        Route gathered = Pool.others(client);
        gathered.add(Count.WAIT_FAILED, 1);
        shop.show(new PoolSeries(
                Names.OTHER, client.name(), null, List.of(new RouteSeries(Route.OTHER, -1, null, List.of(gathered)))));
        shop.pool("a", client, List.of("x:1", "y:2", "z:3")).get(2).add(Count.WAIT_FAILED, 5);

        assertThat(told()).containsExactly("a x", "a y", "_OTHER _OTHER");
        assertThat(others()).isEqualTo(6);
    }

    @Test
    void theSumNeverFalls() {
        shop.pool("a", client, List.of("x:1", "y:2"));
        shop.pool("b", client, "z", 3).add(Count.WAIT_FAILED, 5);
        assertThat(others()).isEqualTo(5);

        shop.hide("a");
        told();
        assertThat(told()).as("a free place is for who comes new").containsExactly("_OTHER _OTHER");
        assertThat(others()).isEqualTo(5);

        shop.hide("b");
        assertThat(others()).isEqualTo(5);
        assertThat(bounded.overflow()).isZero();

        shop.pool("b", client, "z", 3).add(Count.WAIT_FAILED, 2);
        assertThat(told()).containsExactly("b z", "_OTHER _OTHER");
        assertThat(others()).isEqualTo(5);
    }

    @Test
    void hostsThatAreNotToldAreNotToldOfTheRestEither() {
        for (String name : List.of("a", "b", "c")) {
            Route route = shop.pool(name, client, "secret", 1);
            shop.hide(name);
            shop.show(new PoolSeries(
                    name, client.name(), route.pool(), List.of(new RouteSeries(null, -1, null, List.of(route)))));
        }

        assertThat(told()).containsExactly("a null", "b null", "_OTHER null");
    }
}

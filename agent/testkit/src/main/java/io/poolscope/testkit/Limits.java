package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.atLeast;
import static io.poolscope.testkit.Amount.exactly;
import static io.poolscope.testkit.Contract.*;
import static io.poolscope.testkit.Scenarios.countFailure;
import static io.poolscope.testkit.Scenarios.readAndClose;
import static io.poolscope.testkit.Scenarios.until;

import io.poolscope.testkit.Client.Exchange;
import io.poolscope.testkit.Scenario.Server;
import io.poolscope.testkit.Traits.Waits;
import java.time.Duration;
import java.util.concurrent.Future;

/** Which limit it is that requests wait for: that of a route, one that was set for this route alone, or that of the whole pool. */
final class Limits {

    private Limits() {}

    private static Options limits(int perRoute, int total) {
        return new Options().pool(perRoute, total).waitTimeout(Duration.ZERO);
    }

    static Scenario ofARoute() {
        return Scenario.of("the limit of a route binds")
                .on(Server.GOOD, Server.GOOD)
                .unless(Scenarios::neverWaits)
                .play(stage -> {
                    Client client = stage.client(limits(1, 5));
                    holdOneAndWait(stage, client);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(1, 0, 1);
                    exhausted(expect, "route", 1);
                    limit(expect, traits, 1, 5);
                });
    }

    static Scenario ofOneRouteAlone() {
        return Scenario.of("a limit of one route alone binds")
                .on(Server.GOOD, Server.GOOD)
                .unless(traits -> traits.canLimitARoute() ? null : "its routes have no limits of their own")
                .play(stage -> {
                    Client client = stage.client(limits(4, 9));
                    client.limitRoute(stage.url(""), 1);
                    holdOneAndWait(stage, client);
                    readAndClose(client.get(stage.url(1, "/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(1, 1, 1).server(1, "requests", 1);
                    exhausted(expect, "route", 1);
                    expect.exported("its own", exactly(1), view -> view.standing(ROUTE_LIMIT, PORT, view.port(0)));
                    expect.exported("the other's", exactly(4), view -> view.standing(ROUTE_LIMIT, PORT, view.port(1)));
                    expect.ofPool(POOL_LIMIT, traits.isLimitedInTotal() ? 9 : 0);
                });
    }

    static Scenario ofThePool() {
        return Scenario.of("the limit of the whole pool binds")
                .on(Server.GOOD, Server.GOOD)
                .unless(traits -> traits.isLimited() && !traits.isLimitedInTotal()
                        ? "only its routes have limits"
                        : Scenarios.neverWaits(traits))
                .play(stage -> {
                    Client client = stage.client(limits(5, 2));
                    for (int i = 0; i < 2; i++) {
                        stage.keep(stage.background(() -> client.get(stage.url("/never"))));
                    }
                    until(() -> client.stats().active() == 2);
                    stage.keep(stage.background(() -> client.get(stage.url(1, "/bytes/100"))));
                    until(() -> client.stats().pending() == 1);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(2, 0, 1).server(0, "requests", 2).server(1, "requests", 0);
                    exhausted(expect, "pool", 2);
                    expect.exported("waiting", exactly(1), view -> view.standing(PENDING, PORT, view.port(1)));
                    expect.ofPool(traits.isLimited() ? POOL_LIMIT : DISPATCHER_LIMIT, 2);
                });
    }

    static Scenario changed() {
        return Scenario.of("limits changed while in use")
                .on(Server.GOOD)
                .unless(traits -> traits.canChangeLimits() ? null : "its limits are fixed when it is built")
                .play(stage -> {
                    Client client = stage.client(limits(1, 1));
                    Exchange holder = client.exchange(stage.url("/never"));
                    Future<?> held = stage.background(holder::send);
                    until(() -> client.stats().active() == 1);
                    Future<?> waiting = stage.background(() -> readAndClose(client.get(stage.url("/bytes/100"))));
                    until(() -> client.stats().pending() == 1);
                    stage.reach("one at a time");
                    client.limit(3, 6);
                    // Who waits already may go on waiting until something is given back.
                    readAndClose(client.get(stage.url("/bytes/100")));
                    waiting.get();
                    stage.reach("raised");
                    client.limit(1, 2);
                    holder.abort();
                    countFailure(stage, "given up", held);
                    // A dispatcher's limits are looked at when a call is queued.
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .at("one at a time", (expect, traits) -> {
                    expect.pool(1, 0, 1).standing(PENDING, 1);
                    limit(expect, traits, 1, 1);
                })
                .at("raised", (expect, traits) -> {
                    expect.server("requests", 3).standing(PENDING, 0).standing(ACTIVE, 1);
                    limit(expect, traits, 3, 6);
                })
                .atEnd((expect, traits) -> {
                    expect.fact("given up", 1).standing(ACTIVE, 0);
                    limit(expect, traits, 1, 2);
                });
    }

    private static void holdOneAndWait(Stage stage, Client client) throws InterruptedException {
        stage.keep(stage.background(() -> client.get(stage.url("/never"))));
        until(() -> client.stats().active() == 1);
        stage.keep(stage.background(() -> client.get(stage.url("/bytes/100"))));
        until(() -> client.stats().pending() == 1);
    }

    private static void limit(Expect expect, Traits traits, int perRoute, int total) {
        if (traits.isLimited()) {
            expect.standing(ROUTE_LIMIT, perRoute).ofPool(POOL_LIMIT, traits.isLimitedInTotal() ? total : 0);
        } else if (traits.waits() == Waits.IN_THE_DISPATCHER) {
            expect.ofPool(DISPATCHER_LIMIT, total);
        }
    }

    private static void exhausted(Expect expect, String limitOf, int limit) {
        expect.event(EXHAUSTED_EVENT, atLeast(1), EXHAUSTED_LIMIT_OF, limitOf, EXHAUSTED_LIMIT, "" + limit);
        expect.event(EXHAUSTED_EVENT, atLeast(1), EXHAUSTED_USED, "" + limit);
        expect.line("EXHAUSTED", atLeast(1));
    }
}

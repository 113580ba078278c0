package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.atLeast;
import static io.poolscope.testkit.Amount.exactly;
import static io.poolscope.testkit.Contract.*;
import static io.poolscope.testkit.Scenarios.countFailure;
import static io.poolscope.testkit.Scenarios.readAndClose;
import static io.poolscope.testkit.Scenarios.until;

import io.poolscope.testkit.Client.Exchange;
import io.poolscope.testkit.Client.Response;
import io.poolscope.testkit.Scenario.Server;
import io.poolscope.testkit.Traits.Waits;
import java.io.IOException;
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
                        ? "its pool has no limit in all"
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

    private static Scenario single(String title) {
        return Scenario.of(title)
                .unless(traits -> traits.canBeSingle() ? null : "it has no managers of one connection")
                .withoutPoolAtEnd();
    }

    static Scenario ofOne() {
        return single("a manager of one connection")
                .on(Server.GOOD, Server.GOOD)
                .play(stage -> {
                    Client client = stage.keep(stage.clientToDrop(new Options().single()));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    // Elsewhere: the first one has to make room.
                    readAndClose(client.get(stage.url(1, "/bytes/100")));
                    Response out = client.get(stage.url(1, "/bytes/1000"));
                    refuse(stage, client, stage.url(1, "/bytes/100"));
                    stage.reach("out");
                    readAndClose(out);
                    stage.reach("back");
                    client.closePool();
                })
                .at("out", (expect, traits) -> {
                    expect.fact("refused", 1).server("connections", 2).server("requests", 4);
                    expect.standing(ACTIVE, 1).standing(OPEN_CONNECTIONS, 1, CONNECTION_STATE, "active");
                    expect.counted(ABANDONED, 1, WAIT_OUTCOME, "failed").ofPool(POOL_LIMIT, 1);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "overflow").counted(CLOSES, 1);
                    expect.event(EXHAUSTED_EVENT, atLeast(1), EXHAUSTED_LIMIT, "1");
                    expect.line("EXHAUSTED a request was refused", atLeast(1));
                })
                .at("back", (expect, traits) -> {
                    expect.standing(ACTIVE, 0).standing(PENDING, 0);
                    expect.standing(OPEN_CONNECTIONS, 1, CONNECTION_STATE, "idle");
                    expect.counted(GRANTED, 4)
                            .counted(GRANTED, 2, REUSED, "true")
                            .recorded(USE_TIME, 4);
                    expect.recorded(CREATE_TIME, 2).counted(LEAKS, 0).counted(UNDRAINED, 0);
                })
                .atEnd((expect, traits) -> {
                    expect.server("connections", 2);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "pool_closed").counted(CLOSES, 2);
                });
    }

    static Scenario ofOneThatLeaked() {
        return single("a manager of one connection, leaked")
                .on(Server.GOOD)
                .collecting()
                .play(stage -> {
                    Client client = stage.keep(stage.clientToDrop(new Options().single()));
                    loseTheOnlyOne(client, stage.url("/bytes/1000"));
                    stage.reach("lost");
                    refuse(stage, client, stage.url("/bytes/100"));
                })
                .at("lost", (expect, traits) -> {
                    expect.server("requests", 1);
                    expect.counted(LEAKS, 1, CALL_SITE, Limits.class.getName() + ".loseTheOnlyOne")
                            .standing(LEAKED, 1);
                    expect.line("LEAK", atLeast(1));
                })
                .atEnd((expect, traits) -> {
                    expect.fact("refused", 1).server("requests", 1);
                    expect.counted(ABANDONED, 1, WAIT_OUTCOME, "failed").standing(ACTIVE, 1);
                    expect.event(EXHAUSTED_EVENT, atLeast(1), EXHAUSTED_CAUSE, "leak");
                });
    }

    /** At a line of its own: a report stands for a line. */
    private static void loseTheOnlyOne(Client client, String url) throws IOException {
        client.get(url);
    }

    /** What it throws is the client's business. */
    private static void refuse(Stage stage, Client client, String url) {
        try {
            client.get(url);
        } catch (IOException | IllegalStateException e) {
            stage.count("refused");
        }
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

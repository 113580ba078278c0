package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.atLeast;
import static io.poolscope.testkit.Amount.atMost;
import static io.poolscope.testkit.Amount.between;
import static io.poolscope.testkit.Amount.exactly;
import static io.poolscope.testkit.Contract.*;

import io.poolscope.testkit.Client.Exchange;
import io.poolscope.testkit.Client.Response;
import io.poolscope.testkit.Scenario.Phase;
import io.poolscope.testkit.Scenario.Server;
import io.poolscope.testkit.Traits.Fate;
import io.poolscope.testkit.Traits.Waits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What applications do with pools, each once. */
public final class Scenarios {

    /** The class of the call sites, and any method. */
    private static final String SITE = Scenarios.class.getName() + ".*";

    private static final String LOSE = Scenarios.class.getName() + ".lose";

    private static final Duration FOR_EVER = Duration.ZERO;

    private static final List<Scenario> ALL = List.of(
            borrowAndReturn(),
            tenThreadsOnAPoolOfTwo(),
            waitThatTimesOut(),
            waitThatIsCancelled(),
            waitThatNeverEnds(),
            neverClosedAndDropped(),
            droppedTogetherWithItsClient(),
            neverClosedAndKept(),
            keptAndReturnedLate(),
            closedUnread("closed unread, small", "/bytes/100", true),
            closedUnread("closed unread, large", "/large", false),
            readToTheEndAndNeverClosed(),
            readToItsLengthAndClosed(),
            readToItsLengthAndItsStreamClosed(),
            compressedAndReadToTheEnd(),
            streamClosedUnread(),
            serverClosesAnIdleConnection(),
            serverResetsMidBody(),
            abortedMidBody(),
            redirect(),
            notKeptAlive("HTTP/1.0", Server.BAD, "/http10/100"),
            notKeptAlive("Connection: close", Server.GOOD, "/close/100"),
            clientClosed(),
            poolClosedWithLeasesOut(),
            poolClosedWhileARequestWaits(),
            evictedWhileIdle(),
            expiredByAge(),
            twoPools(),
            notFoundWithAnUnreadBody(),
            connectionRefused(),
            overTls(),
            http2OverTls(),
            Variants.http2FromAPool(),
            Proxies.proxy(),
            Proxies.tunnel(),
            Proxies.tunnelForWhomItKnows(),
            Proxies.refusedTunnel(),
            Proxies.brokenTunnel(),
            Limits.ofARoute(),
            Limits.ofOneRouteAlone(),
            Limits.ofThePool(),
            Limits.changed(),
            Limits.ofOneThatLeaked(),
            severalClientsOnOnePool(),
            Variants.interrupted(),
            Variants.checkedBeforeReuse(),
            Variants.handled(),
            Variants.closedAtOnce(),
            Variants.cancelledInVain(),
            Variants.minimalClient(),
            Variants.singleConnection(),
            Storm.scenario(),
            manyRoutes(),
            aPoolPerRequest(),
            aLeakingPoolPerRequest());

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    public static Scenario withId(String id) {
        return ALL.stream()
                .filter(scenario -> scenario.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario " + id));
    }

    private static Scenario borrowAndReturn() {
        return Scenario.of("borrow and return")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(3, 7));
                    for (int i = 0; i < 5; i++) {
                        readAndClose(client.get(stage.url("/bytes/100")));
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("connections", 1).server("requests", 5);
                    expect.counted(GRANTED, 1, REUSED, "false").counted(GRANTED, 4, REUSED, "true");
                    expect.recorded(USE_TIME, 5).recorded(RESPONSE_TIME, 5);
                    expect.recorded(CREATE_TIME, 1).recorded(IDLE_AGE, 4, REUSE_OUTCOME, "ok");
                    expect.counted(CLOSES, 0).counted(UNDRAINED, 0).counted(LEAKS, 0);
                    if (traits.waits() != Waits.NEVER) {
                        expect.recorded(WAIT_TIME, 5, WAIT_OUTCOME, "success");
                    }
                    expect.standing(ROUTE_LIMIT, traits.isLimited() ? 3 : 0);
                    expect.ofPool(POOL_LIMIT, traits.isLimitedInTotal() ? 7 : 0);
                    if (traits.idleLimit() > 0) {
                        expect.ofPool(IDLE_LIMIT, traits.idleLimit());
                    }
                });
    }

    private static Scenario tenThreadsOnAPoolOfTwo() {
        return Scenario.of("ten threads on a pool of two")
                .on(Server.GOOD)
                .unless(Scenarios::neverWaits)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(2, 2));
                    List<Future<?>> threads = new ArrayList<>();
                    for (int i = 0; i < 10; i++) {
                        threads.add(stage.background(() -> readAndClose(client.get(stage.url("/delay/150")))));
                    }
                    for (Future<?> thread : threads) {
                        thread.get();
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.server("concurrent", 2).server("requests", 10);
                    // A dispatcher lets the next request go when it has the head, and so before the connection is back.
                    expect.pool(0, traits.waits() == Waits.IN_THE_POOL ? exactly(2) : between(2, 5), 0);
                    expect.counted(GRANTED, 10).recorded(WAIT_TIME, 10, WAIT_OUTCOME, "success");
                    expect.total(WAIT_TIME, atLeast(2), WAIT_OUTCOME, "success");
                    expect.recorded(WAIT_TIME, 0, WAIT_OUTCOME, "timeout").span(WAIT_SPAN, atLeast(1));
                    expect.total(RESPONSE_TIME, atLeast(1.4));
                    if (traits.isLimited()) {
                        expect.standing(ROUTE_LIMIT, 2).ofPool(POOL_LIMIT, traits.isLimitedInTotal() ? 2 : 0);
                    }
                    if (traits.waits() == Waits.IN_THE_DISPATCHER) {
                        expect.ofPool(DISPATCHER_LIMIT, 2).standing(REQUEST_LIMIT, 2);
                    }
                });
    }

    private static Scenario waitThatTimesOut() {
        return Scenario.of("a wait that times out")
                .on(Server.GOOD)
                .unless(traits -> neverWaits(traits) != null ? neverWaits(traits) : traits.neverTimesOut())
                .play(stage -> {
                    Client client = stage.client(new Options().pool(1, 1).waitTimeout(Duration.ofMillis(300)));
                    Response held = client.get(stage.url("/bytes/1000"));
                    try {
                        client.get(stage.url("/bytes/1000"));
                    } catch (IOException e) {
                        stage.count("timed out");
                    }
                    readAndClose(held);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).fact("timed out", 1).server("requests", 1);
                    expect.recorded(WAIT_TIME, 1, WAIT_OUTCOME, "timeout");
                    expect.total(WAIT_TIME, atLeast(0.29), WAIT_OUTCOME, "timeout");
                    expect.counted(GRANTED, 1).counted(ABANDONED, 0).span(WAIT_SPAN, atLeast(1));
                    expect.event(EXHAUSTED_EVENT, atLeast(1)).line("EXHAUSTED", atLeast(1));
                });
    }

    private static Scenario waitThatIsCancelled() {
        return Scenario.of("a wait that is cancelled")
                .on(Server.GOOD)
                .unless(Scenarios::neverWaits)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(1, 1).waitTimeout(FOR_EVER));
                    Exchange holder = client.exchange(stage.url("/never"));
                    Future<?> held = stage.background(holder::send);
                    until(() -> client.stats().active() == 1);
                    Exchange waiter = client.exchange(stage.url("/bytes/100"));
                    Future<?> waiting = stage.background(waiter::send);
                    until(() -> client.stats().pending() == 1);
                    stage.reach("waiting");
                    waiter.abort();
                    holder.abort();
                    countFailure(stage, "given up", waiting);
                    countFailure(stage, "given up", held);
                })
                .at("waiting", (expect, traits) -> {
                    expect.pool(1, 0, 1).server("requests", 1);
                    expect.standing(PENDING, 1).standing(ACTIVE, 1);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, traits.doesCountCancelledWaits() ? 1 : 0);
                    expect.fact("given up", 2).server("requests", 1).standing(PENDING, 0);
                    expect.counted(ABANDONED, 1, WAIT_OUTCOME, "cancelled");
                    expect.recorded(WAIT_TIME, 0, WAIT_OUTCOME, "timeout").counted(GRANTED, 1);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "aborted").counted(LEAKS, 0);
                });
    }

    private static Scenario waitThatNeverEnds() {
        return Scenario.of("a wait that never ends")
                .on(Server.GOOD)
                .unless(Scenarios::neverWaits)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(1, 1).waitTimeout(FOR_EVER));
                    stage.keep(stage.background(() -> client.get(stage.url("/never"))));
                    until(() -> client.stats().active() == 1);
                    stage.keep(stage.background(() -> client.get(stage.url("/bytes/100"))));
                    until(() -> client.stats().pending() == 1);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(1, 0, 1).server("requests", 1);
                    expect.standing(PENDING, 1).standing(ACTIVE, 1);
                    expect.standing(OLDEST_WAIT, atLeast(1.5)).standing(OLDEST_LEASE, atLeast(1.5));
                    expect.event(EXHAUSTED_EVENT, atLeast(1)).line("EXHAUSTED", atLeast(1));
                    expect.counted(GRANTED, 1).recorded(USE_TIME, 0);
                    expect.standing(SUSPECTED, 0).event(SUSPECTED_EVENT, 0);
                });
    }

    private static Scenario neverClosedAndDropped() {
        return Scenario.of("never closed and dropped")
                .on(Server.GOOD)
                .unless(Traits::keepsWhatIsDropped)
                .collecting()
                .play(stage -> {
                    Client client = stage.client(new Options());
                    for (int i = 0; i < lost(stage.traits()); i++) {
                        lose(client, stage.url("/bytes/1000"));
                    }
                    stage.reach("lost");
                    collect();
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .at("lost", (expect, traits) -> {
                    int lost = lost(traits);
                    expect.counted(LEAKS, lost, CALL_SITE, LOSE).server("requests", lost);
                    if (traits.doesALeakHoldItsSlot()) {
                        expect.pool(lost, 0, 0).standing(LEAKED, lost);
                    }
                    expect.event(LEAK_EVENT, atLeast(1), CALL_SITE, LOSE);
                    expect.line("LEAK", atLeast(1));
                })
                .atEnd((expect, traits) -> {
                    int lost = lost(traits);
                    if (traits.doesALeakHoldItsSlot()) {
                        expect.pool(lost, 1, 0).standing(LEAKED, lost);
                    } else {
                        expect.pool(0, 1, 0).standing(LEAKED, 0);
                    }
                    expect.counted(LEAKS, lost).counted(GRANTED, lost + 1).counted(UNDRAINED, 0);
                });
    }

    private static Scenario droppedTogetherWithItsClient() {
        return Scenario.of("dropped together with its client")
                .on(Server.GOOD)
                .unless(Traits::keepsWhatIsDropped)
                .collecting()
                .withoutPoolAtEnd()
                .play(stage -> {
                    loseWithItsClient(stage);
                    stage.reach("lost");
                })
                .at("lost", (expect, traits) -> {
                    expect.server("requests", 1);
                    expect.counted(LEAKS, 1, CALL_SITE, LOSE + "WithItsClient").event(LEAK_EVENT, atLeast(1));
                })
                .atEnd((expect, traits) -> {
                    expect.server("connections", 1);
                    expect.counted(LEAKS, 1).standing(OPEN_CONNECTIONS, 0).standing(LEAKED, 0);
                });
    }

    private static Scenario neverClosedAndKept() {
        return Scenario.of("never closed and kept")
                .on(Server.GOOD)
                .collecting()
                .play(stage -> {
                    Client client = stage.client(new Options());
                    stage.keep(client.get(stage.url("/bytes/1000")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(1, 0, 0);
                    expect.standing(SUSPECTED, 1, CALL_SITE, SITE);
                    expect.standing(OLDEST_LEASE, atLeast(1.5)).standing(ACTIVE, 1);
                    expect.event(SUSPECTED_EVENT, atLeast(1)).line("SUSPECTED", atLeast(1));
                    expect.counted(LEAKS, 0).event(LEAK_EVENT, 0);
                });
    }

    private static Scenario keptAndReturnedLate() {
        return Scenario.of("kept and returned late")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options());
                    Response late = client.get(stage.url("/bytes/1000"));
                    stage.reach("suspected");
                    readAndClose(late);
                })
                .at("suspected", (expect, traits) -> {
                    expect.pool(1, 0, 0);
                    expect.standing(SUSPECTED, 1).event(SUSPECTED_EVENT, atLeast(1));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0);
                    expect.standing(SUSPECTED, 0).counted(LEAKS, 0).event(LEAK_EVENT, 0);
                    expect.event(RETRACTED_EVENT, atLeast(1)).line("RETRACTED|SUSPECTED", atLeast(1));
                });
    }

    private static Scenario closedUnread(String title, String path, boolean small) {
        return Scenario.of(title)
                .on(Server.GOOD)
                .play(stage -> {
                    // What is cancelled as it is closed may be tried again first.
                    Client client = stage.client(new Options().noRetries());
                    client.get(stage.url(path)).close();
                })
                .atEnd((expect, traits) -> undrained(expect, small ? traits.unreadSmall() : traits.unreadLarge()));
    }

    private static Scenario readToTheEndAndNeverClosed() {
        return Scenario.of("read to the end and never closed")
                .on(Server.GOOD)
                .collecting()
                .play(stage -> {
                    Client client = stage.client(new Options());
                    client.get(stage.url("/bytes/1000")).readFully();
                    client.get(stage.url("/chunked/1000")).readFully();
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0);
                    expect.counted(GRANTED, 2).recorded(USE_TIME, 2);
                    expect.counted(LEAKS, 0).event(LEAK_EVENT, 0).counted(UNDRAINED, 0);
                });
    }

    private static Scenario readToItsLengthAndClosed() {
        return Scenario.of("read to its length and closed")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options());
                    try (Response response = client.get(stage.url("/bytes/100"))) {
                        response.readExactly(100);
                    }
                })
                .atEnd((expect, traits) -> undrained(expect, traits.readToLength()));
    }

    private static Scenario readToItsLengthAndItsStreamClosed() {
        return Scenario.of("read to its length, stream closed")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(2, 2));
                    for (int i = 0; i < 3; i++) {
                        try (Response response = client.get(stage.url("/bytes/100"))) {
                            response.readExactly(100);
                            response.closeStream();
                        }
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("connections", 1);
                    expect.counted(UNDRAINED, 0).counted(CLOSES, 0);
                });
    }

    private static Scenario compressedAndReadToTheEnd() {
        return Scenario.of("compressed, read to the end")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(2, 2));
                    for (int i = 0; i < 3; i++) {
                        try (Response response = client.get(stage.url("/gzip/10000"))) {
                            stage.note("read", response.readFully());
                            response.closeStream();
                        }
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.fact("read", 10_000).pool(0, 1, 0).server("connections", 1);
                    expect.counted(UNDRAINED, 0).counted(CLOSES, 0);
                });
    }

    private static Scenario streamClosedUnread() {
        return Scenario.of("stream closed unread")
                .on(Server.GOOD)
                .unless(Traits::neverDrains)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(2, 2));
                    try (Response response = client.get(stage.url("/bytes/100"))) {
                        response.closeStream();
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0);
                    expect.counted(UNDRAINED, 1, UNDRAINED_OUTCOME, "drained_on_close");
                });
    }

    private static Scenario serverClosesAnIdleConnection() {
        return Scenario.of("server closes an idle connection")
                .on(Server.BAD)
                .play(stage -> {
                    Client client = stage.client(new Options().noRetries());
                    readAndClose(client.get(stage.url("/then-close/100")));
                    stage.pass(Duration.ofMillis(800));
                    if (stage.traits().doesNoticeWhatIsClosed()) {
                        until(() -> client.stats().idle() == 0);
                    }
                    try {
                        readAndClose(client.get(stage.url("/bytes/100")));
                    } catch (IOException e) {
                        stage.count("failed");
                    }
                })
                .atEnd((expect, traits) -> {
                    boolean noticed = traits.doesCheckBeforeReuse();
                    expect.pool(0, noticed ? 1 : 0, 0).fact("failed", noticed ? 0 : 1);
                    expect.counted(CLOSES, 1).counted(CLOSES, 1, CLOSE_REASON, "stale|server_closed");
                    expect.counted(GRANTED, 2);
                    if (!noticed) {
                        expect.recorded(IDLE_AGE, 1, REUSE_OUTCOME, "stale");
                        expect.total(IDLE_AGE, atLeast(0.7), REUSE_OUTCOME, "stale");
                    }
                });
    }

    private static Scenario serverResetsMidBody() {
        return Scenario.of("server resets mid-body")
                .on(Server.BAD)
                .play(stage -> {
                    Client client = stage.client(new Options().noRetries());
                    try (Response response = client.get(stage.url("/reset/10000"))) {
                        response.readFully();
                    } catch (IOException e) {
                        stage.count("failed");
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0).fact("failed", 1);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "failed").counted(CLOSES, 1);
                    expect.counted(GRANTED, 1).counted(UNDRAINED, 0).counted(LEAKS, 0);
                });
    }

    private static Scenario abortedMidBody() {
        return Scenario.of("aborted mid-body")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().noRetries());
                    Exchange exchange = client.exchange(stage.url("/large"));
                    Response response = exchange.send();
                    response.readExactly(1000);
                    exchange.abort();
                    try {
                        response.close();
                    } catch (IOException e) {
                        // Some clients read on as they close, and find the socket closed.
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "aborted")
                            .counted(CLOSES, 1)
                            .counted(LEAKS, 0);
                });
    }

    private static Scenario redirect() {
        return Scenario.of("redirect")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options());
                    readAndClose(client.get(stage.url("/redirect")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("requests", 2).server("connections", 1);
                    expect.counted(GRANTED, traits.leasesOfARedirect()).recorded(CREATE_TIME, 1);
                    expect.counted(CLOSES, 0).counted(UNDRAINED, 0).counted(LEAKS, 0);
                });
    }

    private static Scenario notKeptAlive(String title, Server server, String path) {
        return Scenario.of(title)
                .on(server)
                .play(stage -> {
                    Client client = stage.client(new Options());
                    readAndClose(client.get(stage.url(path)));
                    readAndClose(client.get(stage.url(path)));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0).server("connections", 2);
                    expect.counted(CLOSES, 2, CLOSE_REASON, "not_keepalive").counted(CLOSES, 2);
                    expect.counted(GRANTED, 2, REUSED, "false").recorded(CREATE_TIME, 2);
                    expect.recorded(CONNECTION_DURATION, 2).counted(UNDRAINED, 0);
                });
    }

    private static Scenario clientClosed() {
        return Scenario.of("client closed")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().alone());
                    Response first = client.get(stage.url("/bytes/1000"));
                    readAndClose(client.get(stage.url("/bytes/1000")));
                    readAndClose(first);
                    stage.reach("two idle");
                    client.close();
                })
                .at("two idle", (expect, traits) -> {
                    expect.pool(0, 2, 0).standing(OPEN_CONNECTIONS, 2, CONNECTION_STATE, "idle");
                })
                .atEnd((expect, traits) -> {
                    String why = traits.doesCloseWhatIsOut() ? "pool_closed" : "pool_closed|idle_evicted";
                    expect.pool(0, 0, 0).counted(CLOSES, 2, CLOSE_REASON, why).counted(CLOSES, 2);
                    expect.counted(LEAKS, 0).standing(OPEN_CONNECTIONS, 0, CONNECTION_STATE, "idle");
                });
    }

    private static Scenario poolClosedWithLeasesOut() {
        return Scenario.of("pool closed with leases out")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options());
                    Response first = client.get(stage.url("/bytes/1000"));
                    Response second = client.get(stage.url("/bytes/1000"));
                    readAndClose(client.get(stage.url("/bytes/1000")));
                    stage.reach("two out, one idle");
                    client.closePool();
                    for (Response response : List.of(first, second)) {
                        try {
                            readAndClose(response);
                        } catch (IOException e) {
                            stage.count("failed");
                        }
                    }
                })
                .at("two out, one idle", (expect, traits) -> {
                    expect.pool(2, 1, 0);
                    expect.standing(ACTIVE, 2).standing(OPEN_CONNECTIONS, 1, CONNECTION_STATE, "idle");
                })
                .atEnd((expect, traits) -> {
                    if (traits.doesCloseWhatIsOut()) {
                        expect.pool(0, 0, 0).counted(CLOSES, 3, CLOSE_REASON, "pool_closed");
                    } else {
                        expect.pool(0, 2, 0).counted(CLOSES, 1, CLOSE_REASON, "pool_closed|idle_evicted");
                    }
                    expect.counted(LEAKS, 0).standing(ACTIVE, 0).counted(GRANTED, 3);
                });
    }

    private static String neverClosesWhileARequestWaits(Traits traits) {
        if (neverWaits(traits) != null) {
            return neverWaits(traits);
        }
        if (traits.doesDeadlockWhenClosed()) {
            return "while a request waits, closing its pool waits for itself, for ever";
        }
        return traits.doesCloseWhatIsOut() ? null : "closing its pool leaves alone what is out";
    }

    private static Scenario poolClosedWhileARequestWaits() {
        return Scenario.of("pool closed while a request waits")
                .on(Server.GOOD)
                .unless(Scenarios::neverClosesWhileARequestWaits)
                .play(stage -> {
                    Client client = stage.client(new Options().pool(1, 1).waitTimeout(FOR_EVER));
                    stage.keep(client.get(stage.url("/bytes/1000")));
                    // Some are told that the pool was closed, and some wait for ever.
                    stage.keep(stage.background(() -> client.get(stage.url("/bytes/100"))));
                    until(() -> client.stats().pending() == 1);
                    stage.reach("waiting");
                    client.closePool();
                })
                .at("waiting", (expect, traits) -> {
                    expect.pool(1, 0, 1).standing(PENDING, 1).standing(ACTIVE, 1);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0).server("requests", 1);
                    expect.counted(ABANDONED, 1, WAIT_OUTCOME, "failed|cancelled")
                            .counted(ABANDONED, 1);
                    expect.standing(PENDING, 0).standing(ACTIVE, 0).counted(GRANTED, 1);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "pool_closed").counted(LEAKS, 0);
                });
    }

    private static Scenario evictedWhileIdle() {
        return Scenario.of("evicted while idle")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().keepAlive(Duration.ofSeconds(2)));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    client.evictIdle();
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "idle_evicted").counted(CLOSES, 1);
                    expect.recorded(CONNECTION_DURATION, 1);
                });
    }

    private static Scenario expiredByAge() {
        return Scenario.of("expired by age")
                .on(Server.GOOD)
                .unless(traits -> traits.canExpire() ? null : "its connections have no greatest age")
                .play(stage -> {
                    Client client = stage.client(new Options().maximumAge(Duration.ofSeconds(2)));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    stage.pass(Duration.ofMillis(2200));
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("connections", 2);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "expired").counted(CLOSES, 1);
                    expect.counted(GRANTED, 2, REUSED, "false");
                });
    }

    private static Scenario twoPools() {
        return Scenario.of("two pools")
                .on(Server.GOOD)
                .play(stage -> {
                    Client one = stage.client(new Options());
                    Client other = stage.client(new Options());
                    readAndClose(one.get(stage.url("/bytes/100")));
                    readAndClose(other.get(stage.url("/bytes/100")));
                    readAndClose(other.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 2, 0).server("connections", 2);
                    expect.counted(GRANTED, 3).counted(GRANTED, 2, REUSED, "false");
                    expect.exported("different pools", exactly(2), view -> view.different(GRANTED, POOL));
                });
    }

    private static Scenario notFoundWithAnUnreadBody() {
        return Scenario.of("404 with an unread body")
                .on(Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options());
                    try (Response response = client.get(stage.url("/missing"))) {
                        stage.note("status", response.status());
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.fact("status", 404);
                    undrained(expect, traits.unreadSmall());
                });
    }

    private static Scenario connectionRefused() {
        return Scenario.of("connection refused")
                .on(Server.GONE)
                .play(stage -> {
                    Client client = stage.client(new Options().noRetries());
                    try {
                        client.get(stage.url("/"));
                    } catch (IOException e) {
                        stage.count("failed");
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0).fact("failed", 1);
                    expect.recorded(CREATE_TIME, 1, ERROR_TYPE, "*").recorded(CREATE_TIME, 1);
                    expect.counted(CLOSES, 0).standing(OPEN_CONNECTIONS, 0).standing(ACTIVE, 0);
                });
    }

    private static Scenario overTls() {
        return Scenario.of("TLS")
                .on(Server.TLS)
                .play(stage -> {
                    Client client = stage.client(new Options().trust(stage.trust()));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("connections", 1);
                    expect.recorded(CREATE_TIME, 1).counted(GRANTED, 1, REUSED, "true");
                });
    }

    private static Scenario http2OverTls() {
        return Scenario.of("HTTP/2 over TLS")
                .on(Server.HTTP2)
                .unless(Traits::noHttp2)
                .play(stage -> {
                    Client client = stage.client(new Options().http2().trust(stage.trust()));
                    List<Response> open = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        open.add(client.get(stage.url("/bytes/1000")));
                    }
                    stage.reach("three streams");
                    for (Response response : open) {
                        readAndClose(response);
                    }
                })
                .at("three streams", (expect, traits) -> {
                    expect.pool(1, 0, 0).server("connections", 1);
                    expect.standing(ACTIVE, 3).standing(OPEN_CONNECTIONS, 1, CONNECTION_STATE, "active");
                    expect.standing(STREAM_LIMIT, 100);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("requests", 3).server("connections", 1);
                    expect.counted(GRANTED, 3).standing(ACTIVE, 0).recorded(USE_TIME, 3);
                    expect.exported(
                            "series that say HTTP/2",
                            atLeast(1),
                            view -> view.having(GRANTED, PROTOCOL_VERSION) > 0 ? 1 : 0);
                });
    }

    private static Scenario manyRoutes() {
        int routes = CAP + 30;
        return Scenario.of("many routes past the cap")
                .in(Phase.LAST)
                .on(Server.GOOD)
                .withoutPoolAtEnd()
                .play(stage -> {
                    Client client =
                            stage.client(new Options().pool(5, 2 * routes).anyHost());
                    for (int i = 0; i < routes; i++) {
                        readAndClose(client.get(stage.urlOfHost("r" + i + ".kit.test", "/bytes/10")));
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.server("requests", routes).server("connections", routes);
                    expect.exported("granted", exactly(routes), view -> view.countedInProcess(GRANTED));
                    expect.exported(
                            "granted past the cap",
                            atLeast(30),
                            view -> view.countedInProcess(GRANTED, ADDRESS, OTHER));
                    expect.exported("different routes", atMost(CAP + 1), view -> view.different(GRANTED, ADDRESS));
                    expect.exported("overflow", atLeast(1), view -> view.countedInProcess(OVERFLOW));
                });
    }

    private static Scenario aPoolPerRequest() {
        int pools = CAP + 30;
        return Scenario.of("a pool per request")
                .in(Phase.LAST)
                .on(Server.GOOD)
                .collecting()
                .withoutPoolAtEnd()
                .play(stage -> {
                    List<Client> clients = new ArrayList<>();
                    for (int i = 0; i < pools; i++) {
                        Client client = stage.clientToDrop(new Options());
                        readAndClose(client.get(stage.url("/bytes/10")));
                        clients.add(client);
                    }
                    stage.reach("all open");
                    for (Client client : clients) {
                        client.closePool();
                    }
                })
                .at("all open", (expect, traits) -> {
                    expect.server("connections", pools);
                    expect.exported("granted", exactly(pools), view -> view.countedInProcess(GRANTED));
                    expect.exported(
                            "granted past the cap", atLeast(30), view -> view.countedInProcess(GRANTED, POOL, OTHER));
                    expect.exported("different pools", atMost(CAP + 1), view -> view.different(GRANTED, POOL));
                })
                .atEnd((expect, traits) -> {
                    expect.exported("closed", exactly(pools), view -> view.countedInProcess(CLOSES));
                    expect.event(CHURN_EVENT, atLeast(1), CALL_SITE, SITE).line("CHURN", atLeast(1));
                });
    }

    private static Scenario aLeakingPoolPerRequest() {
        int pools = 20;
        return Scenario.of("a leaking pool per request")
                .in(Phase.LAST)
                .on(Server.GOOD)
                .unless(Traits::keepsWhatIsDropped)
                .collecting()
                .withoutPoolAtEnd()
                .play(stage -> {
                    for (int i = 0; i < pools; i++) {
                        loseWithItsClient(stage);
                    }
                })
                .atEnd((expect, traits) -> {
                    expect.server("requests", pools);
                    expect.exported(
                            "leaks",
                            exactly(pools),
                            view -> view.countedInProcess(LEAKS, CALL_SITE, LOSE + "WithItsClient"));
                    expect.event(LEAK_EVENT, atLeast(1), CALL_SITE, LOSE + "WithItsClient");
                    expect.event(CHURN_EVENT, atLeast(1), CALL_SITE, LOSE + "WithItsClient");
                });
    }

    private static Scenario severalClientsOnOnePool() {
        return Scenario.of("several clients on one pool")
                .on(Server.GOOD)
                .unless(traits -> traits.canShareItsPool() ? null : "each of its clients has a pool of its own")
                .play(stage -> {
                    Client one = stage.client(new Options().pool(2, 4));
                    readAndClose(one.get(stage.url("/bytes/100")));
                    Client another = one.sibling();
                    readAndClose(another.get(stage.url("/bytes/100")));
                    another.closeButNotThePool();
                    readAndClose(one.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("connections", 1);
                    expect.counted(GRANTED, 3)
                            .counted(GRANTED, 2, REUSED, "true")
                            .counted(CLOSES, 0);
                    expect.exported("different pools", exactly(1), view -> view.different(GRANTED, POOL));
                    if (traits.isLimited()) {
                        expect.standing(ROUTE_LIMIT, 2).ofPool(POOL_LIMIT, traits.isLimitedInTotal() ? 4 : 0);
                    }
                });
    }

    /** What is exported of one response that was closed before the end of its body was seen. */
    private static void undrained(Expect expect, Fate fate) {
        undrained(expect, fate, SITE);
    }

    /** The same, closed by another line. */
    static void undrained(Expect expect, Fate fate, String site) {
        expect.counted(GRANTED, 1).recorded(USE_TIME, 1).counted(LEAKS, 0);
        switch (fate) {
            case DISCARDED:
                expect.pool(0, 0, 0).counted(UNDRAINED, 1);
                expect.counted(UNDRAINED, 1, UNDRAINED_OUTCOME, "discarded", CALL_SITE, site);
                expect.counted(CLOSES, 1, CLOSE_REASON, "undrained").counted(CLOSES, 1);
                break;
            case DRAINED:
                expect.pool(0, 1, 0).counted(UNDRAINED, 1);
                expect.counted(UNDRAINED, 1, UNDRAINED_OUTCOME, "drained_on_close", CALL_SITE, site);
                expect.counted(CLOSES, 0).ofPool(DRAIN_TIME, 1);
                break;
            case CANCELLED:
                expect.pool(0, 0, 0).counted(UNDRAINED, 0);
                expect.counted(CLOSES, 1, CLOSE_REASON, "aborted").counted(CLOSES, 1);
                break;
            case COMPLETE:
                expect.pool(0, 1, 0).counted(UNDRAINED, 0).counted(CLOSES, 0);
                break;
        }
    }

    static String neverWaits(Traits traits) {
        return traits.waits() == Waits.NEVER ? "its synchronous calls never wait" : null;
    }

    static long readAndClose(Response response) throws IOException {
        try (Response closing = response) {
            return closing.readFully();
        }
    }

    /**
     * One is enough where the pool takes lost connections back: OkHttp 5 hands those out again, unread bytes included, once it has found several at a time
     * (https://github.com/square/okhttp/issues/9240; seen here as "Unexpected status line").
     */
    private static int lost(Traits traits) {
        return traits.doesALeakHoldItsSlot() ? 3 : 1;
    }

    private static void lose(Client client, String url) throws IOException {
        client.get(url);
    }

    /** In a method of its own, so that no frame keeps what it drops. */
    private static void loseWithItsClient(Stage stage) throws IOException {
        Client client = stage.clientToDrop(new Options().keepAlive(Duration.ofSeconds(1)));
        client.get(stage.url("/bytes/1000"));
    }

    private static void collect() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
    }

    static void countFailure(Stage stage, String name, Future<?> work) throws InterruptedException {
        try {
            work.get();
        } catch (ExecutionException e) {
            stage.count(name);
        }
    }

    /** Waits for something in the library that only polling shows. */
    static void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(10);
        }
    }
}

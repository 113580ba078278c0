package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.atLeast;
import static io.poolscope.testkit.Contract.*;
import static io.poolscope.testkit.Scenarios.readAndClose;
import static io.poolscope.testkit.Scenarios.until;

import io.poolscope.testkit.Client.Response;
import io.poolscope.testkit.Scenario.Server;
import io.poolscope.testkit.Traits.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/** What only some clients have: other ways to send a request, to close a response, and to be built. */
final class Variants {

    /** The class of the call sites, and any method. */
    private static final String SITE = Variants.class.getName() + ".*";

    private Variants() {}

    static Scenario interrupted() {
        return Scenario.of("a waiting thread is interrupted")
                .on(Server.GOOD)
                .collecting()
                .unless(traits -> traits.canBeInterrupted() ? null : "no thread of the application waits in it")
                .play(stage -> {
                    Client client = stage.client(new Options().pool(1, 1));
                    Response held = client.get(stage.url("/bytes/1000"));
                    CountDownLatch over = new CountDownLatch(1);
                    Future<?> waiting = stage.background(() -> {
                        try {
                            client.get(stage.url("/bytes/100"));
                        } catch (IOException e) {
                            stage.count("given up");
                        }
                        over.countDown();
                        return null;
                    });
                    until(() -> client.stats().pending() == 1);
                    waiting.cancel(true);
                    over.await();
                    readAndClose(held);
                })
                .atEnd((expect, traits) -> {
                    expect.fact("given up", 1).server("requests", 1);
                    expect.counted(ABANDONED, 1, WAIT_OUTCOME, "cancelled").counted(ABANDONED, 1);
                    if (traits.doesLoseWhatAnInterruptedThreadIsGranted()) {
                        expect.pool(1, 0, 0).standing(ACTIVE, 1).counted(GRANTED, 2);
                        expect.counted(LEAKS, 1).standing(LEAKED, 1);
                        expect.line("LEAK a connection was granted to a request that had given up", atLeast(1));
                    } else {
                        expect.pool(0, 1, 0).standing(ACTIVE, 0).counted(GRANTED, 1);
                        expect.counted(LEAKS, 0);
                    }
                });
    }

    static Scenario checkedBeforeReuse() {
        return Scenario.of("probed before it is reused")
                .on(Server.BAD)
                .unless(traits -> traits.canProbe() ? null : "it cannot be told to probe connections")
                .play(stage -> {
                    Client client = stage.client(new Options().noRetries().checking());
                    readAndClose(client.get(stage.url("/then-close/100")));
                    stage.pass(Duration.ofMillis(800));
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server("connections", 2);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "server_closed").counted(CLOSES, 1);
                    expect.counted(GRANTED, 2, REUSED, "false").counted(GRANTED, 2);
                });
    }

    static Scenario handled() {
        return Scenario.of("handled by a handler that does not read")
                .on(Server.GOOD)
                .unless(traits -> traits.canHandleResponses() ? null : "it has no handlers of responses")
                .play(stage -> {
                    Client client = stage.client(new Options());
                    client.exchange(stage.url("/bytes/1000")).handle(() -> {
                        try {
                            stage.reach("in the handler");
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    });
                })
                .at("in the handler", (expect, traits) -> {
                    expect.pool(1, 0, 0).standing(ACTIVE, 1);
                    expect.standing(SUSPECTED, 1, CALL_SITE, SITE);
                })
                .atEnd((expect, traits) -> {
                    // The client reads the rest on purpose.
                    expect.pool(0, 1, 0).server("requests", 1);
                    expect.counted(UNDRAINED, 0).counted(CLOSES, 0).counted(LEAKS, 0);
                    expect.counted(GRANTED, 1).standing(SUSPECTED, 0);
                });
    }

    static Scenario closedAtOnce() {
        return Scenario.of("closed at once")
                .on(Server.GOOD)
                .unless(traits -> traits.canCloseAtOnce() ? null : "it knows one way to close a response")
                .play(stage -> {
                    Client client = stage.client(new Options());
                    client.get(stage.url("/bytes/1000")).closeAtOnce();
                })
                .atEnd((expect, traits) -> Scenarios.undrained(expect, Fate.DISCARDED, SITE));
    }

    static Scenario minimalClient() {
        return Scenario.of("a minimal client")
                .on(Server.GOOD)
                .collecting()
                .unless(traits -> traits.canBeMinimal() ? null : "it has one kind of client")
                .play(stage -> {
                    Client client = stage.client(new Options().minimal());
                    readAndClose(client.get(stage.url("/bytes/100")));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    client.get(stage.url("/bytes/100")).close();
                    lose(client, stage.url("/bytes/1000"));
                })
                .atEnd((expect, traits) -> {
                    boolean discarded = traits.unreadSmall() == Fate.DISCARDED;
                    int undrained = traits.unreadSmall() == Fate.COMPLETE ? 0 : 1;
                    int collected = traits.keepsWhatIsDropped() == null ? 1 : 0;
                    expect.pool(1, 0, 0).server("requests", 4).server("connections", discarded ? 2 : 1);
                    expect.counted(GRANTED, 4).counted(GRANTED, discarded ? 2 : 3, REUSED, "true");
                    expect.counted(UNDRAINED, undrained, CALL_SITE, SITE).counted(UNDRAINED, undrained);
                    String lose = Variants.class.getName() + ".lose";
                    expect.counted(LEAKS, collected, CALL_SITE, lose).standing(LEAKED, collected);
                    expect.standing(SUSPECTED, 1 - collected, CALL_SITE, lose);
                });
    }

    static Scenario cancelledInVain() {
        return Scenario.of("cancelled in vain")
                .on(Server.GOOD)
                .unless(traits -> traits.isDeafToCancelling() ? null : "it ends what is cancelled")
                .play(stage -> {
                    Client client = stage.client(new Options());
                    readAndClose(client.get(stage.url("/bytes/100")));
                    Client.Exchange exchange = client.exchange(stage.url("/large"));
                    Response response = stage.keep(exchange.send());
                    response.readExactly(1000);
                    exchange.abort();
                })
                .atEnd((expect, traits) -> {
                    expect.pool(1, 0, 0).server("requests", 2).server("connections", 1);
                    expect.standing(ACTIVE, 1).standing(SUSPECTED, 1, CALL_SITE, SITE);
                    expect.line("SUSPECTED", atLeast(1));
                    expect.counted(CLOSES, 0).counted(LEAKS, 0);
                });
    }

    static Scenario http2FromAPool() {
        return Scenario.of("HTTP/2 on connections of a pool")
                .on(Server.HTTP2)
                // Which protocol is spoken is known after the first request was granted a connection, and the series
                // are
                // others from then on: whatever was exported before must not be counted twice.
                .withoutPoolAtEnd()
                .unless(Traits::noHttp2FromAPool)
                .play(stage -> {
                    Client client = stage.client(new Options().http2().trust(stage.trust()));
                    // Of a connection that is leased before it is opened nobody knows that it will speak HTTP/2.
                    readAndClose(client.get(stage.url("/bytes/100")));
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
                    int connections = traits.connectionsOfThreeStreams();
                    expect.pool(connections, 0, 0).server("connections", connections);
                    expect.standing(ACTIVE, 3)
                            .standing(OPEN_CONNECTIONS, connections, CONNECTION_STATE, "active")
                            .standing(STREAM_LIMIT, 100 * connections);
                    expect.standing(SUSPECTED, 3, CALL_SITE, SITE);
                })
                .atEnd((expect, traits) -> {
                    int connections = traits.connectionsOfThreeStreams();
                    expect.pool(0, connections, 0).server("requests", 4).server("connections", connections);
                    expect.counted(GRANTED, 4, PROTOCOL_VERSION, "2")
                            .counted(GRANTED, connections, PROTOCOL_VERSION, "2", REUSED, "false");
                    expect.recorded(USE_TIME, 4, PROTOCOL_VERSION, "2")
                            .recorded(RESPONSE_TIME, 4, PROTOCOL_VERSION, "2")
                            .recorded(WAIT_TIME, 4, PROTOCOL_VERSION, "2", WAIT_OUTCOME, "success")
                            .recorded(CREATE_TIME, connections, PROTOCOL_VERSION, "2");
                    expect.standing(OPEN_CONNECTIONS, connections, CONNECTION_STATE, "idle")
                            .standing(OPEN_CONNECTIONS, connections);
                    expect.standing(ACTIVE, 0).standing(SUSPECTED, 0);
                    expect.counted(CLOSES, 0).counted(LEAKS, 0);
                });
    }

    static Scenario singleConnection() {
        return Scenario.of("a pool of one connection")
                .on(Server.GOOD, Server.GOOD)
                .withoutPoolAtEnd()
                .unless(traits -> traits.canBeSingle() ? null : "its pools are all of one kind")
                .play(stage -> {
                    Client client = stage.client(new Options().single().maximumAge(Duration.ofMinutes(5)));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    try (Response held = client.get(stage.url("/bytes/100"))) {
                        stage.reach("held");
                        try {
                            client.get(stage.url("/bytes/100"));
                        } catch (IOException | IllegalStateException e) {
                            stage.count("refused");
                        }
                        held.readFully();
                    }
                    readAndClose(client.get(stage.url(1, "/bytes/100")));
                    client.get(stage.url(1, "/bytes/100")).close();
                    readAndClose(client.get(stage.url(1, "/bytes/100")));
                    stage.reach("before it is closed");
                    client.closePool();
                })
                .at("held", (expect, traits) -> {
                    expect.standing(ACTIVE, 1).standing(OPEN_CONNECTIONS, 1, CONNECTION_STATE, "active");
                    expect.ofPool(POOL_LIMIT, 1).standing(SUSPECTED, 1, CALL_SITE, SITE);
                    expect.recorded(CREATE_TIME, 1).counted(GRANTED, 2, REUSED, "true");
                })
                .at("before it is closed", (expect, traits) -> {
                    boolean discarded = traits.unreadSmall() == Fate.DISCARDED;
                    expect.fact("refused", 1).counted(ABANDONED, 1, WAIT_OUTCOME, "failed");
                    expect.event(EXHAUSTED_EVENT, atLeast(1), EXHAUSTED_LIMIT, "1");
                    expect.line("EXHAUSTED a request was refused", atLeast(1));
                    expect.server(1, "connections", discarded ? 2 : 1)
                            .counted(GRANTED, 6)
                            .recorded(USE_TIME, 6);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "overflow").counted(CLOSES, discarded ? 2 : 1);
                    expect.counted(CLOSES, discarded ? 1 : 0, CLOSE_REASON, "undrained");
                    expect.counted(UNDRAINED, 1, CALL_SITE, SITE);
                    expect.standing(OPEN_CONNECTIONS, 1, CONNECTION_STATE, "idle")
                            .standing(ACTIVE, 0);
                })
                .atEnd((expect, traits) -> {
                    expect.counted(CLOSES, 1, CLOSE_REASON, "pool_closed").standing(OPEN_CONNECTIONS, 0);
                    expect.counted(LEAKS, 0).counted(GRANTED, atLeast(6));
                });
    }

    private static void lose(Client client, String url) throws IOException {
        client.get(url);
    }
}

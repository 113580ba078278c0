package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.atLeast;
import static io.poolscope.testkit.Amount.exactly;
import static io.poolscope.testkit.Contract.*;
import static io.poolscope.testkit.Scenarios.readAndClose;

import io.poolscope.testkit.Client.Response;
import io.poolscope.testkit.Scenario.Server;
import java.io.IOException;

/** Requests that go through a proxy: the origin is what is told of them, and the proxy beside it. */
final class Proxies {

    private static final int PROXY = 1;

    private Proxies() {}

    private static Scenario through(String title, Server origin) {
        return Scenario.of(title)
                .on(origin, Server.PROXY)
                .unless(traits -> traits.canProxy() ? null : "it knows no proxies");
    }

    static Scenario proxy() {
        return through("a proxy", Server.GOOD)
                .play(stage -> {
                    Client client = stage.client(new Options().proxy(stage.address(PROXY)));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server(0, "requests", 2);
                    expect.server(PROXY, "connections", 1).server(PROXY, "requests", 2);
                    expect.recorded(CREATE_TIME, 1).counted(GRANTED, 1, REUSED, "true");
                    namesOriginAndProxy(expect, 2);
                });
    }

    static Scenario tunnel() {
        return through("a tunnel", Server.TLS)
                .play(stage -> {
                    Client client = stage.client(
                            new Options().proxy(stage.address(PROXY)).trust(stage.trust()));
                    readAndClose(client.get(stage.url("/bytes/100")));
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server(0, "requests", 2);
                    expect.server(PROXY, "connections", 1).server(PROXY, "requests", 1);
                    // The proxy takes its time for the tunnel.
                    expect.recorded(CREATE_TIME, 1).total(CREATE_TIME, atLeast(0.29));
                    expect.recorded(RESPONSE_TIME, 2).recorded(IDLE_AGE, 1, REUSE_OUTCOME, "ok");
                    expect.counted(GRANTED, 1, REUSED, "true").counted(CLOSES, 0);
                    namesOriginAndProxy(expect, 2);
                });
    }

    static Scenario refusedTunnel() {
        return through("a proxy that refuses the tunnel", Server.TLS)
                .play(stage -> {
                    Client client = stage.client(new Options()
                            .proxy(stage.address(PROXY))
                            .trust(stage.trust())
                            .noRetries());
                    for (String host : new String[] {"refuse-407.kit.test", "refuse-502.kit.test"}) {
                        try (Response response = client.get(stage.urlOfHost(host, "/bytes/100"))) {
                            // Some hand out what the proxy said.
                            stage.note(host, response.status());
                        } catch (IOException e) {
                            stage.note(host, 0);
                        }
                    }
                    readAndClose(client.get(stage.url("/bytes/100")));
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 1, 0).server(0, "requests", 1);
                    expect.recorded(CREATE_TIME, 2, ERROR_TYPE, "*").recorded(CREATE_TIME, 3);
                    expect.exported(
                            "refused with 407",
                            exactly(1),
                            view -> view.recorded(
                                    CREATE_TIME,
                                    ERROR_TYPE,
                                    "*",
                                    ADDRESS,
                                    "refuse-407.kit.test",
                                    PROXY_ADDRESS,
                                    view.address(PROXY)));
                    expect.standing(OPEN_CONNECTIONS, 1).standing(ACTIVE, 0);
                    expect.counted(CLOSES, 0).counted(LEAKS, 0).counted(UNDRAINED, 0);
                });
    }

    static Scenario brokenTunnel() {
        return through("a tunnel that breaks", Server.TLS)
                .play(stage -> {
                    Client client = stage.client(new Options()
                            .proxy(stage.address(PROXY))
                            .trust(stage.trust())
                            .noRetries());
                    try {
                        client.get(stage.urlOfHost("hang-up.kit.test", "/bytes/100"));
                    } catch (IOException e) {
                        stage.count("failed");
                    }
                    stage.reach("before TLS");
                    try (Response response = client.get(stage.urlOfHost("cut.kit.test", "/large"))) {
                        response.readFully();
                    } catch (IOException e) {
                        stage.count("failed");
                    }
                })
                .at("before TLS", (expect, traits) -> {
                    expect.pool(0, 0, 0).fact("failed", 1).server(0, "connections", 0);
                    expect.recorded(CREATE_TIME, 1, ERROR_TYPE, "*").recorded(CREATE_TIME, 1);
                    expect.counted(CLOSES, 0);
                })
                .atEnd((expect, traits) -> {
                    expect.pool(0, 0, 0).fact("failed", 2).server(0, "requests", 1);
                    expect.recorded(CREATE_TIME, 2);
                    expect.counted(CLOSES, 1, CLOSE_REASON, "failed", ADDRESS, "cut.kit.test")
                            .counted(CLOSES, 1);
                    expect.counted(LEAKS, 0).counted(UNDRAINED, 0);
                });
    }

    private static void namesOriginAndProxy(Expect expect, int granted) {
        expect.counted(GRANTED, granted);
        expect.exported(
                "granted, with the names of both",
                exactly(granted),
                view -> view.counted(
                        GRANTED, ADDRESS, "127.0.0.1", PORT, view.port(0), PROXY_ADDRESS, view.address(PROXY)));
    }
}

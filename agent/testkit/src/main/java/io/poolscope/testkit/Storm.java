package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.atLeast;
import static io.poolscope.testkit.Contract.ABANDONED;
import static io.poolscope.testkit.Contract.ACTIVE;
import static io.poolscope.testkit.Contract.CREATE_TIME;
import static io.poolscope.testkit.Contract.ERROR_TYPE;
import static io.poolscope.testkit.Contract.GRANTED;
import static io.poolscope.testkit.Contract.LEAKS;
import static io.poolscope.testkit.Contract.PENDING;
import static io.poolscope.testkit.Contract.SUSPECTED;

import io.poolscope.testkit.Client.Exchange;
import io.poolscope.testkit.Client.Response;
import io.poolscope.testkit.Scenario.Phase;
import io.poolscope.testkit.Scenario.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Thousands of operations, mixed at random, with faults, from many threads on a pool that is too small for them; then silence. Whatever happened, the
 * exported counts must equal the pool's own: that is what {@link Scenario} reconciles at the end. The seed fixes the operations of each thread, though
 * not how the threads mix.
 */
final class Storm {

    private static final int THREADS = 8;
    private static final int HELD = 3;

    private final Stage stage;
    private final Client client;
    private final BlockingQueue<Response> held = new ArrayBlockingQueue<>(HELD);
    private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService aborter = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "aborter");
        thread.setDaemon(true);
        return thread;
    });

    private Storm(Stage stage) throws IOException {
        this.stage = stage;
        this.client = stage.client(new Options().pool(6, 9).waitTimeout(Duration.ofMillis(60)));
    }

    static Scenario scenario() {
        return Scenario.of("storm")
                .in(Phase.ALONE)
                .on(Server.GOOD, Server.BAD)
                .play(stage -> new Storm(stage).rage())
                .atEnd((expect, traits) -> {
                    expect.fact("unexpected", 0).fact("read", atLeast(100)).fact("failed", atLeast(10));
                    expect.counted(GRANTED, atLeast(500)).standing(PENDING, 0);
                    if (!traits.doesLoseGrants()) {
                        expect.standing(ACTIVE, 0).counted(LEAKS, 0);
                    }
                    expect.standing(SUSPECTED, 0).counted(ABANDONED, Amount.atLeast(0));
                    // A connect that is aborted has failed for us; whether the server had accepted it by then, who
                    // knows.
                    expect.exported(
                            "connections opened over those that the servers accepted",
                            Amount.atMost(0),
                            view -> view.recorded(CREATE_TIME)
                                    - view.recorded(CREATE_TIME, ERROR_TYPE, "*")
                                    - view.server("connections"));
                    expect.exported(
                            "connects over connections that the servers accepted",
                            atLeast(0),
                            view -> view.recorded(CREATE_TIME) - view.server("connections"));
                });
    }

    private void rage() throws Exception {
        long seed = stage.setting("seed", 1);
        int each = (int) (stage.setting("storm", 2000) / THREADS);
        List<Future<?>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed * 31 + i);
            threads.add(stage.background(() -> {
                for (int n = 0; n < each; n++) {
                    operation(random);
                }
                return null;
            }));
        }
        for (Future<?> thread : threads) {
            thread.get();
        }
        for (Response response = held.poll(); response != null; response = held.poll()) {
            close(response);
        }
        aborter.shutdown();
        aborter.awaitTermination(10, TimeUnit.SECONDS);
        stage.note("unexpected", unexpected.size());
        for (Throwable e : unexpected) {
            throw new AssertionError("in a storm of seed " + seed, e);
        }
    }

    private void operation(Random random) {
        try {
            switch (random.nextInt(14)) {
                case 0:
                case 1:
                case 2:
                    read(good("/bytes/" + random.nextInt(3000)));
                    break;
                case 3:
                    read(good("/chunked/" + random.nextInt(3000)));
                    break;
                case 4:
                    client.get(good("/bytes/1000")).readFully();
                    stage.count("read");
                    break;
                case 5:
                    client.get(good("/bytes/1000")).close();
                    break;
                case 6:
                    try (Response response = client.get(good("/bytes/1000"))) {
                        response.readExactly(random.nextBoolean() ? 1000 : 10);
                    }
                    break;
                case 7:
                    hold(client.get(good("/bytes/1000")));
                    break;
                case 8:
                    read(good("/redirect"));
                    break;
                case 9:
                    read(random.nextBoolean() ? good("/close/100") : bad("/http10/100"));
                    break;
                case 10:
                    read(bad("/reset/10000"));
                    break;
                case 11:
                    read(bad("/then-close/" + random.nextInt(5)));
                    break;
                case 12:
                    // What the library loses then is out for ever, with it and so with us: no storm can end with
                    // nothing out.
                    if (!stage.traits().isBrokenByAborts()) {
                        abort(good("/delay/" + random.nextInt(10)), random.nextInt(15));
                    }
                    break;
                default:
                    read(good("/delay/" + random.nextInt(5)));
                    break;
            }
        } catch (IOException | IllegalStateException e) {
            stage.count("failed");
        } catch (RuntimeException | Error e) {
            unexpected.add(e);
        }
    }

    private String good(String path) {
        return stage.url(0, path);
    }

    private String bad(String path) {
        return stage.url(1, path);
    }

    private void read(String url) throws IOException {
        try (Response response = client.get(url)) {
            response.readFully();
            stage.count("read");
        }
    }

    /** Gives it up from another thread, at whatever point it happens to be. */
    private void abort(String url, int afterMillis) throws IOException {
        Exchange exchange = client.exchange(url);
        Future<?> end = aborter.schedule(exchange::abort, afterMillis, TimeUnit.MILLISECONDS);
        try (Response response = exchange.send()) {
            response.readFully();
        } catch (IllegalArgumentException e) {
            // HttpClient 4.2 looks at a socket that the abort has closed: "Socket is closed".
            stage.count("failed");
        } finally {
            stage.count(end.isDone() ? "aborted" : "ended before its abort");
        }
    }

    /** Keeps a response unread while others come and go; the one that was held longest is closed for it, by this thread. */
    private void hold(Response response) throws IOException {
        while (!held.offer(response)) {
            Response oldest = held.poll();
            if (oldest != null) {
                oldest.close();
            }
        }
    }

    private static void close(Response response) {
        try {
            response.close();
        } catch (IOException e) {
            // Closed it is.
        }
    }
}

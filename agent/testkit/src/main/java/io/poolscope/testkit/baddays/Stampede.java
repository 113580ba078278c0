package io.poolscope.testkit.baddays;

import io.poolscope.testkit.Adapters;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application whose threads all make their first request at the same instant: the libraries are loaded by many at
 * once. Each thread has a pool of its own.
 *
 * <p>Arguments: the server, then names of clients.
 */
public final class Stampede {

    /** So many threads ask. */
    public static final int THREADS = 32;

    private Stampede() {}

    public static void main(String[] arguments) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        CountDownLatch end = new CountDownLatch(THREADS);
        AtomicInteger answered = new AtomicInteger();
        Client[] pools = new Client[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    pools[number] = Adapters.named(arguments[1 + number % (arguments.length - 1)])
                            .open(new Options());
                    try (Client.Response response = pools[number].get(arguments[0] + "/bytes/500")) {
                        if (response.status() == 200 && response.readFully() == 500) {
                            answered.incrementAndGet();
                        }
                    }
                } catch (Throwable e) {
                    System.out.println(e);
                } finally {
                    end.countDown();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        end.await();
        System.out.println(answered + " of " + THREADS + " answered");
        Errands.linger();
        System.exit(Errands.EXIT);
    }
}

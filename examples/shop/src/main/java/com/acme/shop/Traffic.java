package com.acme.shop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** What customers and clocks make the shop do, at steady rates. What is stuck in one lane holds up no other lane. */
final class Traffic implements AutoCloseable {
    /** One request to the shop. */
    interface Job {
        void run() throws IOException;
    }

    private static final int QUEUE = 20;
    private static final long PATIENCE_SECONDS = 4;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(named("clock"));
    private final List<ThreadPoolExecutor> lanes = new ArrayList<>();
    private final List<ThreadPoolExecutor> slowLanes = new ArrayList<>();

    /** Runs a job once per period, on so many threads; when all of them are busy and the queue is full, it fails. */
    void every(Duration period, String lane, int threads, Tally tally, Job job) {
        lanes.add(lane(period, lane, threads, tally, job));
    }

    /** The same, one at a time, for what takes so long that it is interrupted when the shop closes. */
    void everySlowly(Duration period, String lane, Tally tally, Job job) {
        slowLanes.add(lane(period, lane, 1, tally, job));
    }

    private ThreadPoolExecutor lane(Duration period, String lane, int threads, Tally tally, Job job) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), named(lane));
        Runnable counted = () -> tally.count(job);
        clock.scheduleAtFixedRate(
                () -> {
                    try {
                        workers.execute(counted);
                    } catch (RejectedExecutionException full) {
                        tally.fail();
                    }
                },
                0,
                period.toNanos(),
                TimeUnit.NANOSECONDS);
        return workers;
    }

    private static ThreadFactory named(String lane) {
        return task -> new Thread(task, "shop-" + lane);
    }

    /** Lets what has begun come to its end. */
    @Override
    public void close() throws InterruptedException {
        clock.shutdownNow();
        clock.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        slowLanes.forEach(ThreadPoolExecutor::shutdownNow);
        lanes.forEach(lane -> lane.getQueue().clear());
        lanes.forEach(ThreadPoolExecutor::shutdown);
        lanes.addAll(slowLanes);
        for (ThreadPoolExecutor lane : lanes) {
            if (!lane.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                lane.shutdownNow();
            }
        }
    }
}

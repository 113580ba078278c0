package com.acme.shop;

import java.io.IOException;

/** Restarts the shop's stock client when no order came through for long, as a cluster would do with a pod. */
final class Liveness implements Traffic.Job {
    private final int patience;
    private final Tally orders;
    private final Traffic.Job restart;
    private long lastDone;
    private int missed;

    /** Patience is in runs of this job. */
    Liveness(int patience, Tally orders, Traffic.Job restart) {
        this.patience = patience;
        this.orders = orders;
        this.restart = restart;
    }

    @Override
    public void run() throws IOException {
        long done = orders.done();
        missed = done == lastDone ? missed + 1 : 0;
        lastDone = done;
        if (missed >= patience) {
            missed = 0;
            restart.run();
        }
    }
}

package com.acme.shop;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** How often something was done, was turned down, or failed. */
final class Tally {
    private final LongAdder done = new LongAdder();
    private final LongAdder turnedDown = new LongAdder();
    private final LongAdder failed = new LongAdder();

    @SuppressWarnings("CatchingUnchecked") // a shop whose warehouse fails goes on selling what it can
    void count(Traffic.Job job) {
        try {
            job.run();
            done.increment();
        } catch (UnknownArticleException e) {
            turnedDown.increment();
        } catch (IOException | RuntimeException e) {
            failed.increment();
        }
    }

    void fail() {
        failed.increment();
    }

    long done() {
        return done.sum();
    }

    @Override
    public String toString() {
        String said = String.format("%,d done", done());
        said += turnedDown.sum() == 0 ? "" : String.format(", %,d turned down", turnedDown.sum());
        return said + String.format(", %,d failed", failed.sum());
    }
}

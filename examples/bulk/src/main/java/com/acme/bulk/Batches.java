package com.acme.bulk;

import java.util.concurrent.atomic.AtomicInteger;

/** The documents, as the bodies of bulk requests; threads take one after the other. The same ones each time. */
final class Batches {
    static final String INDEX = "acme-bulk";

    private final int documents;
    private final int perBatch;
    private final AtomicInteger next = new AtomicInteger();
    private volatile long halfTime;

    Batches(int documents, int perBatch) {
        this.documents = documents;
        this.perBatch = perBatch;
    }

    int count() {
        return (documents + perBatch - 1) / perBatch;
    }

    /** Null after the last one. */
    String take() {
        int batch = next.getAndIncrement();
        if (batch == count() / 2) {
            halfTime = System.nanoTime();
        }
        return batch < count() ? lines(batch * perBatch, Math.min(documents, (batch + 1) * perBatch)) : null;
    }

    /** Documents per second since half of the batches were taken: what a JVM that has just started does says little. */
    double speed() {
        int secondHalf = documents - count() / 2 * perBatch;
        return secondHalf * 1e9 / (System.nanoTime() - halfTime);
    }

    private static String lines(int from, int to) {
        StringBuilder lines = new StringBuilder((to - from) * 160);
        for (int id = from; id < to; id++) {
            lines.append("{\"index\":{\"_index\":\"" + INDEX + "\",\"_id\":\"").append(id);
            lines.append("\"}}\n{\"title\":\"Lamp ").append(id);
            lines.append(", brass and glass\",\"price\":49.90,\"stock\":")
                    .append(id % 40)
                    .append("}\n");
        }
        return lines.toString();
    }
}

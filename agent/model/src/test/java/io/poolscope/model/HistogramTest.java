package io.poolscope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistogramTest {

    private final Histogram histogram = new Histogram(new long[] {10, 20});

    @Test
    void includesABoundInItsBucket() {
        for (long nanos : new long[] {0, 10, 11, 20, 21, Long.MAX_VALUE / 2}) {
            histogram.record(nanos);
        }
        assertThat(histogram.counts()).containsExactly(2, 2, 2);
    }

    @Test
    void countsANegativeDurationAsZero() {
        histogram.record(-5);
        assertThat(histogram.counts()).containsExactly(1, 0, 0);
        assertThat(histogram.sum()).isZero();
    }

    @Test
    void addsUpWhatManyThreadsRecord() throws InterruptedException {
        Thread[] threads = new Thread[16];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    histogram.record(15);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(histogram.counts()).containsExactly(0, 160_000, 0);
        assertThat(histogram.sum()).isEqualTo(160_000 * 15);
    }

    @Test
    void absorbsAnother() {
        histogram.record(5);
        Histogram other = new Histogram(new long[] {10, 20});
        other.record(5);
        other.record(25);
        histogram.absorb(other);
        assertThat(histogram.counts()).containsExactly(2, 0, 1);
        assertThat(histogram.sum()).isEqualTo(35);
    }

    @Test
    void givesAwayNothingThatChanges() {
        long[] before = histogram.counts();
        histogram.record(5);
        assertThat(before).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(Timing.class)
    void hasAscendingBounds(Timing timing) {
        assertThat(LongStream.of(timing.bounds).boxed().toList()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void hasTheBoundsOfTheTelemetryContract() {
        assertThat(seconds(Histogram.WAITS))
                .containsExactly(
                        0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
                        180);
        assertThat(seconds(Histogram.LIFETIMES)).startsWith(0.01).endsWith(3600);
    }

    private static double[] seconds(long[] nanos) {
        return LongStream.of(nanos).mapToDouble(each -> each / 1e9).toArray();
    }
}

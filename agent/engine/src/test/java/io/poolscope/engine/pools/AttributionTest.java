package io.poolscope.engine.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AttributionTest {

    private final Attribution attribution = new Attribution();
    private final Map<Site, Long> given = new HashMap<>();

    private static Site site(String name) {
        return new Site(name, name, "", -1, name, List.of());
    }

    private void settle(long exact) {
        attribution.settle(exact, false, (site, count) -> {
            assertThat(count).isPositive();
            given.merge(site, count, Long::sum);
        });
    }

    private long sum() {
        return given.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void aSampleStandsForAllThatCameSinceTheOneBefore() {
        attribution.sample(site("a"));
        settle(1);
        attribution.sample(site("b"));
        settle(65);

        assertThat(given).containsEntry(site("a"), 1L).containsEntry(site("b"), 64L);
    }

    @Test
    void whatComesWithoutASampleIsDividedAsBeforeOneCallLater() {
        attribution.sample(site("a"));
        attribution.sample(site("b"));
        settle(2);
        settle(12);
        assertThat(sum()).as("its sample may be under way").isEqualTo(2);

        settle(12);
        assertThat(given).containsEntry(site("a"), 6L).containsEntry(site("b"), 6L);
    }

    @Test
    void aSampleThatIsNotCountedYetStandsForWhatIsCountedNext() {
        attribution.sample(site("a"));
        settle(0);
        settle(0);
        settle(1);

        assertThat(given).isEqualTo(Map.of(site("a"), 1L));
    }

    @Test
    void whatHasNoSampleAtAllIsNobodysKnown() {
        settle(5);
        settle(5);
        attribution.sample(site("a"));
        settle(6);

        assertThat(given).containsEntry(Site.UNKNOWN, 5L).containsEntry(site("a"), 1L);
    }

    @Test
    void whatALineGotTooMuchOfIsMadeUpForLater() {
        attribution.sample(site("a"));
        settle(10);
        settle(20);
        settle(20); // ten more to a, as before
        attribution.sample(site("b"));
        settle(20); // they were b's
        assertThat(given).containsEntry(site("a"), 20L);

        attribution.sample(site("b"));
        settle(40);
        assertThat(given.get(site("b"))).isEqualTo(20);
        assertThat(sum()).isEqualTo(40);
    }

    @Test
    void theSumIsExactAndNoLineEverFallsWhateverTheOrder() {
        Random random = new Random(7);
        long exact = 0;
        long[] truth = new long[5];
        for (int round = 0; round < 20_000; round++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                int line = Math.min(random.nextInt(5), random.nextInt(5));
                truth[line]++;
                exact++;
                if (exact <= 32 || exact % 64 == 0) {
                    attribution.sample(site("line" + line));
                }
            }
            settle(exact);
        }
        settle(exact);

        assertThat(sum()).isEqualTo(exact);
        for (int line = 0; line < 5; line++) {
            assertThat((double) given.get(site("line" + line)) / exact)
                    .as("share of line " + line)
                    .isCloseTo((double) truth[line] / exact, within(0.05));
        }
    }

    @Test
    void ofManyLinesTheRestIsOne() {
        for (int i = 0; i < 1_000; i++) {
            attribution.sample(site("line" + i));
        }
        settle(1_000);

        assertThat(given).hasSize(65).containsEntry(Attribution.OTHERS, 936L);
    }
}

package io.poolscope.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutstandingTest {

    private final Outstanding<Object> table = new Outstanding<>();

    @Test
    void givesASlotBackToWhoClaimsNext() {
        Object first = new Object();
        int slot = table.claim(first);
        table.release(slot, first);
        assertThat(table.claim(new Object())).isEqualTo(slot);
    }

    @Test
    void doesNotReleaseASlotThatSomebodyElseHas() {
        Object first = new Object();
        int slot = table.claim(first);
        table.release(slot, first);
        Object second = new Object();
        assertThat(table.claim(second)).isEqualTo(slot);

        table.release(slot, first);

        assertThat(records()).containsExactly(second);
    }

    @Test
    void canNameThousandsThatOneThreadBegan() {
        Set<Object> expected = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            Object record = new Object();
            table.claim(record);
            expected.add(record);
        }
        assertThat(table.untracked()).isZero();
        assertThat(new HashSet<>(records())).isEqualTo(expected);
    }

    @Test
    void growsNoFurtherThanNeeded() {
        Set<Integer> chunks = new HashSet<>();
        for (int i = 0; i < 4_000; i++) {
            chunks.add(table.claim(new Object()) / 1024);
        }
        assertThat(chunks).hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void countsWhatItHasNoSlotFor() {
        int claimed = 0;
        int refused = 0;
        Object record = new Object();
        for (int i = 0; i < Outstanding.CAPACITY + 100; i++) {
            if (table.claim(record) == Outstanding.NONE) {
                refused++;
            } else {
                claimed++;
            }
        }
        assertThat(table.untracked()).isEqualTo(refused).isGreaterThanOrEqualTo(100);
        assertThat(claimed).isGreaterThan(Outstanding.CAPACITY * 9 / 10);
        table.release(Outstanding.NONE, record);
    }

    private List<Object> records() {
        List<Object> records = new ArrayList<>();
        table.forEach(records::add);
        return records;
    }
}

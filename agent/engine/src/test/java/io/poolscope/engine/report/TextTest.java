package io.poolscope.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

    private static final long MS = 1_000_000L;
    private static final long S = 1_000 * MS;

    @Test
    void durationsAreReadAtAGlance() {
        assertThat(Text.duration(0)).isEqualTo("0 ms");
        assertThat(Text.duration(1)).isEqualTo("0.1 ms");
        assertThat(Text.duration(3_100_000)).isEqualTo("3.1 ms");
        assertThat(Text.duration(9_949_999)).isEqualTo("9.9 ms");
        assertThat(Text.duration(9_960_000)).isEqualTo("10 ms");
        assertThat(Text.duration(180 * MS)).isEqualTo("180 ms");
        assertThat(Text.duration(999 * MS)).isEqualTo("999 ms");
        assertThat(Text.duration(999_900_000)).isEqualTo("1.0 s");
        assertThat(Text.duration(2 * S)).isEqualTo("2.0 s");
        assertThat(Text.duration(31 * S)).isEqualTo("31 s");
        assertThat(Text.duration(92 * S)).isEqualTo("92 s");
        assertThat(Text.duration(372 * S)).isEqualTo("6 m 12 s");
        assertThat(Text.duration(72 * 60 * S)).isEqualTo("1 h 12 m");
    }

    @Test
    void aShareIsAllOrNoneOnlyIfItIs() {
        assertThat(Text.percent(66, 100)).isEqualTo("66 %");
        assertThat(Text.percent(1, 100_000)).isEqualTo("1 %");
        assertThat(Text.percent(99_999, 100_000)).isEqualTo("99 %");
        assertThat(Text.percent(5, 5)).isEqualTo("100 %");
        assertThat(Text.percent(0, 5)).isEqualTo("0 %");
    }

    @Test
    void numbersAndNounsAgree() {
        assertThat(Text.count(1, "pool")).isEqualTo("1 pool");
        assertThat(Text.count(182_404, "request")).isEqualTo("182,404 requests");
    }
}

package io.poolscope.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScopeTest {

    @Test
    void nests() {
        CloseReason none = Scope.closing(CloseReason.POOL_CLOSED);
        CloseReason outer = Scope.closing(CloseReason.IDLE_EVICTED);
        assertThat(Scope.reason()).isEqualTo(CloseReason.IDLE_EVICTED);
        Scope.leave(outer);
        assertThat(Scope.reason()).isEqualTo(CloseReason.POOL_CLOSED);
        Scope.leave(none);
        assertThat(Scope.reason()).isNull();
    }

    @Test
    void isOfOneThread() throws InterruptedException {
        CloseReason[] seen = new CloseReason[1];
        boolean[] consuming = new boolean[1];
        CloseReason none = Scope.closing(CloseReason.POOL_CLOSED);
        Scope.consuming();
        Thread other = new Thread(() -> {
            seen[0] = Scope.reason();
            consuming[0] = Scope.isConsuming();
        });
        other.start();
        other.join();
        Scope.consumed();
        Scope.leave(none);
        assertThat(seen[0]).isNull();
        assertThat(consuming[0]).isFalse();
    }

    @Test
    void consumesUntilTheOutermostHasConsumed() {
        assertThat(Scope.isConsuming()).isFalse();
        Scope.consuming();
        Scope.consuming();
        Scope.consumed();
        assertThat(Scope.isConsuming()).isTrue();
        Scope.consumed();
        assertThat(Scope.isConsuming()).isFalse();
    }

    @Test
    void handsOverTheWaitThatAsksAPoolOnce() {
        Wait outer = Wait.begin(Sample.route());
        Wait inner = Wait.begin(Sample.route());
        assertThat(Scope.takeAsking()).isNull();

        Wait none = Scope.asking(outer);
        Wait before = Scope.asking(inner);
        assertThat(Scope.takeAsking()).isSameAs(inner);
        assertThat(Scope.takeAsking()).isNull();
        Scope.asking(before);
        assertThat(Scope.takeAsking()).isSameAs(outer);
        Scope.asking(none);

        assertThat(none).isNull();
        assertThat(Scope.takeAsking()).isNull();
    }
}

package io.poolscope.model;

import static io.poolscope.model.Sample.events;
import static io.poolscope.model.Sample.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventTest {

    @BeforeEach
    void noEvents() {
        events();
    }

    @Test
    void comesOutInOrder() {
        Route route = route();
        Event.offer(Event.waitEnded(route, WaitOutcome.TIMEOUT, 1));
        Event.offer(Event.waitEnded(route, WaitOutcome.FAILED, 2));
        assertThat(events()).extracting(event -> event.nanos).containsExactly(1L, 2L);
        assertThat(Event.poll()).isNull();
    }

    @Test
    void isDroppedAndCountedWhereTheQueueIsFull() {
        long before = Event.dropped();
        Route route = route();
        for (int i = 0; i < 5000; i++) {
            Event.offer(Event.waitEnded(route, WaitOutcome.TIMEOUT, i));
        }
        assertThat(Event.dropped() - before).isEqualTo(5000 - 4096);
        List<Event> kept = events();
        assertThat(kept).hasSize(4096);
        assertThat(kept.get(4095).nanos).isEqualTo(4095);

        Event.offer(Event.waitEnded(route, WaitOutcome.TIMEOUT, 1));
        assertThat(events()).as("room again").hasSize(1);
    }
}

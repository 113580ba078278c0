package io.poolscope.model;

import static io.poolscope.model.Sample.events;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientTest {

    @AfterEach
    void noEvents() {
        events();
    }

    @Test
    void isFoundByTheNumberThatWovenCodeCarries() {
        Client client = Client.add("c", "c", "1", Client.ON);
        assertThat(Client.of(client.id())).isSameAs(client);
        assertThat(Client.all()).contains(client);
    }

    @Test
    void isTrippedPastTheLimitOfItsFailures() {
        Client client = Client.add("failing", "failing", "1", Client.ON);
        Throwable failure = new IllegalStateException();
        for (int i = 0; i < Client.LIMIT; i++) {
            Client.suppressed(failure, client.id());
        }
        assertThat(client.isOn()).isTrue();

        Client.suppressed(failure, client.id());

        assertThat(client.state()).isEqualTo(Client.TRIPPED);
        assertThat(client.isOn()).isFalse();
        assertThat(client.failures()).isEqualTo(Client.LIMIT + 1);
        assertThat(client.lastFailure()).isSameAs(failure);
        assertThat(events()).hasSize(Client.LIMIT + 1).allMatch(event -> event.kind == Event.Kind.FAILURE);
    }

    @Test
    void takesTheOtherJarsOfItsInstrumentationAlongAndNobodyElse() {
        Client client = Client.add("together", "a", "1", Client.ON);
        Client part = Client.add("together", null, "1", Client.ON);
        Client unfit = Client.add("together", null, "2", Client.UNSUPPORTED);
        Client neighbour = Client.add("alone", null, "2", Client.ON);
        for (int i = 0; i <= Client.LIMIT; i++) {
            Client.suppressed(new IllegalStateException(), client.id());
        }
        assertThat(part.state()).isEqualTo(Client.TRIPPED);
        assertThat(unfit.state()).isEqualTo(Client.UNSUPPORTED);
        assertThat(neighbour.isOn()).isTrue();
    }

    @Test
    void aCopyFailsByItselfAndIsCalledByItsPackage() {
        Client library = Client.add("shaded", "http", "1", Client.ON);
        Client copy = Client.add("shaded", "http", "com.acme.http", "1", Client.ON);
        Client part = Client.add("shaded", null, "com.acme.http", "1", Client.ON);
        Client other = Client.add("shaded", "http", "org.acme.http", "1", Client.ON);
        for (int i = 0; i <= Client.LIMIT; i++) {
            Client.suppressed(new IllegalStateException(), part.id());
        }
        assertThat(copy.state()).isEqualTo(Client.TRIPPED);
        assertThat(library.isOn()).isTrue();
        assertThat(other.isOn()).isTrue();

        assertThat(library.called()).isEqualTo("http");
        assertThat(copy.called()).isEqualTo("com.acme.http");
        assertThat(copy.label()).isEqualTo("http");
        assertThat(part.label()).isNull();
    }

    @Test
    void neverThrowsAtTheApplication() {
        Client.suppressed(new IllegalStateException(), Integer.MAX_VALUE);
        Client.suppressed(null, -1);
    }
}

package io.poolscope.engine.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.model.Client;
import io.poolscope.model.Undrained;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClient5AdviceTest {

    private static Advice of(String version) {
        return Advice.of(Client.add("apache-httpclient-5", "httpclient5", version, Client.ON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.0", "5.0.4", "5.1", "5.1.3"})
    void closingUnreadReadsAllAndThrowsTheConnectionAwayUpTo513(String version) {
        assertThat(of(version).undrainedCosts(Undrained.DISCARDED))
                .contains("reads all the rest and throws the connection away");
        assertThat(of(version).drain()).anyMatch(line -> line.contains("5.1.4 and later"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.1.4", "5.2", "5.3.1", "5.4.4", "5.5.2", "5.6.5", "5.7-alpha1", "unknown"})
    void closingUnreadReadsAllAndKeepsTheConnectionFrom514On(String version) {
        assertThat(of(version).undrainedCosts(Undrained.DRAINED_ON_CLOSE)).contains("reads all the rest first");
        assertThat(of(version).undrainedCosts(Undrained.DISCARDED)).doesNotContain("reads all");
        assertThat(of(version).drain()).noneMatch(line -> line.contains("5.1.4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.0", "5.1.3", "5.4.4", "5.5.2"})
    void grantsThatMeetTheEndOfTheirRequestAreForgottenBefore56(String version) {
        assertThat(of(version).lostByTheClient()).anyMatch(line -> line.contains("HttpClient 5.6, with core 5.4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.6", "5.6.5", "5.7-alpha1", "unknown"})
    void andNotSince(String version) {
        assertThat(of(version).lostByTheClient()).noneMatch(line -> line.contains("5.6"));
    }

    @Test
    void namesTheSettersThatThereAre() {
        Advice advice = of("5.4.4");
        assertThat(advice.enlarge(40, false))
                .anyMatch(line ->
                        line.contains("PoolingHttpClientConnectionManagerBuilder.create().setMaxConnPerRoute(40)"));
        assertThat(advice.enlarge(40, true)).anyMatch(line -> line.contains(".setMaxConnTotal(40)"));
        assertThat(advice.closeEarlier(31_000)).anyMatch(line -> line.contains("TimeValue.ofMilliseconds(20_000)"));
        assertThat(advice.leakCosts(1, 5)).isEqualTo("1 of its 5 connections is gone for good");
        assertThat(advice.leakCosts(2, -1)).isEqualTo("2 of its connections are gone for good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.0", "5.6.5"})
    void fitsItsColumns(String version) {
        Advice advice = of(version);
        List<List<String>> texts = List.of(
                advice.close(),
                advice.readFirst(),
                advice.drain(),
                advice.lostByTheClient(),
                advice.closeEarlier(1_234_567),
                advice.enlarge(1_000, true),
                advice.enlarge(1_000, false),
                advice.giveUpEarlier());
        assertThat(texts.stream().flatMap(List::stream)).allMatch(line -> line.length() <= 100);
        assertThat(Stream.of(Undrained.values()).map(advice::undrainedCosts)).allMatch(text -> text.length() <= 100);
    }
}

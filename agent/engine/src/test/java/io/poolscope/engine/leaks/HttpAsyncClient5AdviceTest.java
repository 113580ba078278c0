package io.poolscope.engine.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.model.Client;
import io.poolscope.model.Undrained;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HttpAsyncClient5AdviceTest {

    private final Advice advice = Advice.of(Client.add("apache-httpclient-5", "httpclient5-async", "5.6.5", Client.ON));

    @Test
    void isNotThatOfTheBlockingClientInTheSameJar() {
        assertThat(advice).isInstanceOf(HttpAsyncClient5Advice.class);
        assertThat(Advice.of(Client.add("apache-httpclient-5", "httpclient5", "5.6.5", Client.ON)))
                .isInstanceOf(HttpClient5Advice.class);
    }

    @Test
    void namesWhatAConsumerOrACallerCanDo() {
        assertThat(advice.readFirst()).anyMatch(line -> line.contains("capacityChannel.update(...)"));
        assertThat(advice.close()).anyMatch(line -> line.startsWith("does nothing on a connection that had served"));
        assertThat(advice.close()).anyMatch(line -> line.contains("releaseAndDiscard()"));
        assertThat(advice.enlarge(40, false))
                .anyMatch(line ->
                        line.contains("PoolingAsyncClientConnectionManagerBuilder.create().setMaxConnPerRoute(40)"));
        assertThat(advice.enlarge(40, true)).anyMatch(line -> line.contains(".setMaxConnTotal(40)"));
        assertThat(advice.closeEarlier(31_000)).anyMatch(line -> line.contains("TimeValue.ofMilliseconds(20_000)"));
    }

    @Test
    void fitsItsColumns() {
        List<List<String>> texts = List.of(
                advice.close(),
                advice.readFirst(),
                advice.drain(),
                advice.lostByTheClient(),
                advice.closeEarlier(1_234_567),
                advice.enlarge(1_000, true),
                advice.enlarge(1_000, false),
                advice.enlargeRoute(1_000),
                advice.buildOnce(),
                advice.giveUpEarlier());
        assertThat(texts.stream().flatMap(List::stream)).allMatch(line -> line.length() <= 100);
        assertThat(Stream.of(Undrained.values()).map(advice::undrainedCosts)).allMatch(text -> text.length() <= 100);
    }
}

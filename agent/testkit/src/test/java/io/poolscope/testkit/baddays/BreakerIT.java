package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our own errors: the application does not see them, they are counted, and past a limit we are off, in one line. */
class BreakerIT extends BadDays {

    private static final String TRIPPED =
            "WARN \\[poolscope] httpclient 4\\.5\\.14 is not watched any more: \\d+ errors of Poolscope's own.*IllegalStateException.*";

    @ParameterizedTest
    @CsvSource({
        "17, Carried, by",
        "25, Carried, by",
        "17, Wait, begin",
        "17, Wait, granted",
        "25, Lease, end",
        "17, Lease, bodyEnded",
        "17, Connection, opened"
    })
    void whatWeThrowIsSuppressedCountedAndTripsTheBreaker(int jdk, String type, String method) throws Exception {
        Ran ran = errands(jdk, HTTPCLIENT)
                .program(Errands.class, site.url(), APACHE, APACHE, APACHE, APACHE, APACHE, APACHE)
                .lingering()
                .agent(Jars.throwing(App.AGENT, type, method, directory))
                .run();
        assertThat(ran.sum(Contract.FAILURES)).isGreaterThan(10);
        assertThat(ran.states()).contains(APACHE + " 4.5.14 tripped").noneMatch(state -> state.endsWith(" on"));
        assertThat(ran.err().lines().filter(line -> line.matches("\\S+Z " + TRIPPED)))
                .as(ran.err())
                .hasSize(1);
        // Besides it the banner, and a line at the first error in any of the client's jars.
        assertThat(ran.err().lines())
                .as(ran.err())
                .hasSizeLessThanOrEqualTo(3)
                .allMatch(line -> line.contains(" [poolscope] "));
    }

    /** One class that cannot be woven would be half an instrumentation: the client is off. */
    @ParameterizedTest
    @CsvSource({"17, BodyAdvice$EndSeen", "25, PoolAdvice$Release", "17, ConnectionAdvice$Closed"})
    void aClassThatCannotBeWovenIsOneLineAndTheClientIsOff(int jdk, String advice) throws Exception {
        Ran ran = errands(jdk, HTTPCLIENT)
                .lingering()
                .agent(Jars.withoutAnnotations(
                        App.AGENT,
                        "inst/io/poolscope/instrumentation/apachehttpclient4/" + advice + ".classdata",
                        directory))
                .run();
        assertThat(ran.states()).contains(APACHE + " 4.5.14 unsupported").noneMatch(state -> state.endsWith(" on"));
        assertThat(ran.err().lines().filter(line -> line.contains(" WARN ")))
                .singleElement()
                .asString()
                .contains("httpclient 4.5.14 is not watched any more: a class of it could not be woven: ");
        ran.hasNoFailures();
    }

    @ParameterizedTest
    @CsvSource({"17", "25"})
    void anInstrumentationThatIsBrokenAsAWholeIsOneLine(int jdk) throws Exception {
        errands(jdk, HTTPCLIENT)
                .agent(Jars.without(
                        App.AGENT,
                        "inst/io/poolscope/instrumentation/apachehttpclient4/PoolAdvice$Release.classdata",
                        directory))
                .run()
                .says("WARN \\[poolscope] weaving org\\.apache\\.http\\.\\S+ failed, .*NoClassDefFoundError.*");
    }
}

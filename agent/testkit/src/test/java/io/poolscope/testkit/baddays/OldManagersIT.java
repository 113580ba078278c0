package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools that are not watched, in a jar whose others are: silence would look like health. */
class OldManagersIT extends BadDays {

    @ParameterizedTest
    @CsvSource({"17, 4.2.6", "17, 4.5.14", "25, 4.5.14"})
    void areSaidNotToBeWatchedInOneLineEach(int jdk, String version) throws Exception {
        String pool = "org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager";
        String single = "org.apache.http.impl.conn.SingleClientConnManager";
        Ran ran = App.on(jdk)
                .with(App.library("httpclient-" + version))
                .program(OldManagers.class, site.url(), pool, pool, single)
                .lingering()
                .run()
                .says(
                        "INFO \\[poolscope] .* watches httpclient " + version + ".*",
                        "WARN \\[poolscope] httpclient's ThreadSafeClientConnManager " + version
                                + " is not watched: .*",
                        "WARN \\[poolscope] httpclient's SingleClientConnManager " + version + " is not watched: .*")
                .hasNoFailures()
                .counts(0, Contract.GRANTED);
        assertThat(ran.states()).contains(APACHE + " " + version + " unsupported");
    }
}

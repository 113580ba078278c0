package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions that are too old or too new are left alone, and said to be, in one line. */
class UnwatchedVersionsIT extends BadDays {

    /** It has all that is woven, and may call it at other times. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aPreview(int jdk) throws Exception {
        Ran ran = App.on(jdk)
                .with(App.unwatched("httpclient5-5.7-alpha1"))
                .program(Errands.class, site.url(), "apache-httpclient-5")
                .lingering()
                .run()
                .says("WARN \\[poolscope] httpclient5 5\\.7-alpha1 is not watched:"
                        + " versions from 5\\.7 on have not been checked")
                .hasNoFailures()
                .counts(0, Contract.GRANTED);
        assertThat(ran.states()).containsExactly("apache-httpclient-5 5.7-alpha1 unsupported");
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aVersionOfLongAgo(int jdk) throws Exception {
        Ran ran = App.on(jdk)
                .with(App.unwatched("httpclient-4.1.3"))
                .program(
                        OldManagers.class,
                        site.url(),
                        "org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager",
                        "org.apache.http.impl.conn.SingleClientConnManager")
                .lingering()
                .run()
                .says("WARN \\[poolscope] httpclient 4\\.1\\.3 is not watched: .*")
                .hasNoFailures()
                .counts(0, Contract.GRANTED);
        assertThat(ran.states()).containsExactly(APACHE + " 4.1.3 unsupported");
    }
}

package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A library without a method that has to be woven is not woven at all, in one line. */
class UnfitLibraryIT extends BadDays {

    @ParameterizedTest
    @CsvSource({
        "17, httpclient, shutdownConnection, org.apache.http.impl.conn.CPoolEntry",
        "25, httpclient, shutdownConnection, org.apache.http.impl.conn.CPoolEntry",
        "17, httpclient, eofDetected, org.apache.http.impl.execchain.ResponseEntityProxy",
        "17, httpcore, getPoolEntryBlocking, org.apache.http.pool.AbstractConnPool",
        "25, httpcore, getPoolEntryBlocking, org.apache.http.pool.AbstractConnPool",
        "17, httpcore, doSendRequest, org.apache.http.protocol.HttpRequestExecutor",
    })
    void aMissingMethodIsOneLineAndNothingIsWoven(int jdk, String jar, String method, String type) throws Exception {
        Ran ran = errands(jdk, HTTPCLIENT)
                .without(jar)
                .with(List.of(Jars.renamed(App.jar(HTTPCLIENT, jar), method, directory)))
                .lingering()
                .run()
                .says("WARN \\[poolscope] httpclient 4\\.5\\.14 is not watched: " + type.replace(".", "\\.")
                        + " has no method " + method + ".*")
                .hasNoFailures()
                .counts(0, Contract.GRANTED);
        assertThat(ran.states()).containsExactly(APACHE + " 4.5.14 unsupported");
    }

    @ParameterizedTest
    @CsvSource({"17, 4.12.0", "25, 5.5.1"})
    void okHttpToo(int jdk, String version) throws Exception {
        String library = "okhttp-" + version;
        Ran ran = errands(jdk, library)
                .without("okhttp-")
                .with(List.of(Jars.renamed(App.jar(library, "okhttp-"), "acquireConnectionNoEvents", directory)))
                .lingering()
                .run()
                .says("WARN \\[poolscope] okhttp " + version
                        + " is not watched: okhttp3\\.internal\\.connection\\.RealCall has no method"
                        + " acquireConnectionNoEvents.*")
                .hasNoFailures()
                .counts(0, Contract.GRANTED);
        assertThat(ran.states()).containsExactly("okhttp " + version + " unsupported");
    }

    @ParameterizedTest
    @CsvSource({"17", "25"})
    void itIsSaidAlsoOfAProgramThatEndsSoon(int jdk) throws Exception {
        errands(jdk, HTTPCLIENT)
                .without("httpcore")
                .with(List.of(Jars.renamed(App.jar(HTTPCLIENT, "httpcore"), "closeIdle", directory)))
                .hasty()
                .run()
                .says(
                        "WARN \\[poolscope] httpclient 4\\.5\\.14 is not watched: org\\.apache\\.http\\.pool\\.AbstractConnPool"
                                + " has no method closeIdle\\(long, java\\.util\\.concurrent\\.TimeUnit\\)");
    }
}

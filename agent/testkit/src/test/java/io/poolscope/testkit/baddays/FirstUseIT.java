package io.poolscope.testkit.baddays;

import io.poolscope.testkit.Contract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The libraries' first use, in ways that are hard on what transforms classes. */
class FirstUseIT extends BadDays {

    @ParameterizedTest
    @CsvSource({"17, 5", "25, 5"})
    void manyThreadsAtOnce(int jdk, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            App.on(jdk)
                    .with(App.library(HTTPCLIENT))
                    .with(App.library("okhttp-4.12.0"))
                    .program(Stampede.class, site.url(), APACHE, "okhttp")
                    .run()
                    .saysThatItWatches(said(HTTPCLIENT), "okhttp 4.12.0")
                    .hasNoFailures()
                    .counts(Stampede.THREADS, Contract.GRANTED)
                    .counts(0, Contract.ACTIVE)
                    .counts(0, Contract.PENDING);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "17, httpclient-4.5.14",
        "25, httpclient-4.5.14",
        "17, httpclient-4.3.6",
        "25, httpclient-4.3.6",
        "26, httpclient-4.5.14",
        "11, httpclient-4.5.14",
        "17, okhttp-4.12.0",
        "25, okhttp-4.12.0",
        "17, okhttp-5.5.1",
        "25, okhttp-5.5.1",
        "26, okhttp-5.5.1",
        "11, okhttp-4.0.1"
    })
    void everyClassIsVerified(int jdk, String library) throws Exception {
        errands(jdk, library)
                .jvm(
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+BytecodeVerificationLocal",
                        "-XX:+BytecodeVerificationRemote")
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(1);
    }

    /** Not on 17, whose own code for agents is complained about. */
    @ParameterizedTest
    @CsvSource({"25, httpclient-4.5.14", "25, okhttp-5.5.1"})
    void jniIsCheckedToo(int jdk, String library) throws Exception {
        errands(jdk, library)
                .jvm("-Xcheck:jni")
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(1);
    }
}

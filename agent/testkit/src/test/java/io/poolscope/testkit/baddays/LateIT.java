package io.poolscope.testkit.baddays;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent comes while pools are open and a response is out. */
class LateIT extends BadDays {

    @ParameterizedTest
    @CsvSource({
        "17, httpclient-4.5.14",
        "25, httpclient-4.5.14",
        "17, httpclient-4.3.6",
        "17, okhttp-4.12.0",
        "25, okhttp-5.5.1"
    })
    void attachedLateItCountsPoolsThatAreBuiltFromThenOn(int jdk, String library) throws Exception {
        App.on(jdk)
                .with(App.library(library))
                .jvm(
                        "-Djdk.attach.allowAttachSelf=true",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Dbaddays.between=" + Attaching.class.getName())
                .attached()
                .ignoring(Attaching.SAID)
                .program(Errands.class, site.url(), client(library), client(library), client(library))
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(2);
    }
}

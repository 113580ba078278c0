package io.poolscope.testkit.baddays;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent comes while pools are open and a response is out. */
class LateIT extends BadDays {

    /** What the JVM itself says of an agent that is attached: it cannot be prevented. */
    private static final List<String> JVM = List.of(
            "not added to bootstrap class loader search: Illegal argument or not JAR file",
            "Sharing is only supported for boot loader classes because bootstrap classpath has been appended");

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
                .ignoring(JVM)
                .program(Errands.class, site.url(), client(library), client(library), client(library))
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(2);
    }
}

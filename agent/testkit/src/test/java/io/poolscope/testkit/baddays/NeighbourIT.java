package io.poolscope.testkit.baddays;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another agent in the JVM does to the libraries' classes what agents do; the counts stay right. */
class NeighbourIT extends BadDays {

    /** {@code load} before us, so that these are there already when we come, with others that they need. */
    private static final String EARLY =
            "org.apache.http.impl.conn.PoolingHttpClientConnectionManager+org.apache.http.impl.execchain.ConnectionHolder"
                    + "+org.apache.http.impl.execchain.HttpResponseProxy+org.apache.http.util.EntityUtils";

    @ParameterizedTest
    @CsvSource({
        "17, look, httpclient-4.5.14",
        "25, look, httpclient-4.5.14",
        "17, rewrite, httpclient-4.5.14",
        "25, rewrite, httpclient-4.5.14",
        "17, redefine, httpclient-4.5.14",
        "25, redefine, httpclient-4.5.14",
        "17, redefine, httpclient-4.3.6",
        "17, look, okhttp-4.12.0",
        "25, rewrite, okhttp-4.12.0",
        "17, redefine, okhttp-4.12.0",
        "25, look, okhttp-5.5.1",
        "17, rewrite, okhttp-5.5.1",
        "25, redefine, okhttp-5.5.1",
    })
    void beforeUs(int jdk, String deed, String library) throws Exception {
        neighbour(jdk, library)
                .neighbourBefore(jar() + "=" + deed)
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(1);
    }

    @ParameterizedTest
    @CsvSource({
        "17, look, httpclient-4.5.14",
        "25, look, httpclient-4.5.14",
        "17, rewrite, httpclient-4.5.14",
        "25, rewrite, httpclient-4.5.14",
        "17, redefine, httpclient-4.5.14",
        "25, redefine, httpclient-4.5.14",
        "17, redefine, httpclient-4.3.6",
        "17, look, okhttp-4.12.0",
        "25, rewrite, okhttp-4.12.0",
        "17, redefine, okhttp-4.12.0",
        "25, look, okhttp-5.5.1",
        "17, rewrite, okhttp-5.5.1",
        "25, redefine, okhttp-5.5.1",
    })
    void afterUs(int jdk, String deed, String library) throws Exception {
        neighbour(jdk, library)
                .neighbourAfter(jar() + "=" + deed)
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(1);
    }

    @ParameterizedTest
    @CsvSource({
        "17, load, httpclient-4.5.14",
        "25, load, httpclient-4.5.14",
        "17, initialize, httpclient-4.5.14",
        "17, load, httpclient-4.3.6",
    })
    void loadsClassesBeforeUs(int jdk, String deed, String library) throws Exception {
        neighbour(jdk, library)
                .neighbourBefore(jar() + "=" + deed + "+" + EARLY)
                .run()
                .saysThatItWatches(said(library))
                .countsErrandsOf(1);
    }

    @ParameterizedTest
    @CsvSource({"17, look", "25, look", "17, rewrite", "25, rewrite", "17, redefine", "25, redefine"})
    void changesClassesThatWereLoadedBeforeUs(int jdk, String deed) throws Exception {
        neighbour(jdk, HTTPCLIENT)
                .neighbourBefore(jar() + "=" + deed + "+" + EARLY)
                .run()
                .saysThatItWatches(said(HTTPCLIENT))
                .countsErrandsOf(1);
    }

    private App neighbour(int jdk, String library) throws Exception {
        return errands(jdk, library).with(byteBuddyOnly()).jvm("-Dbaddays.between=" + Neighbour.class.getName());
    }

    private Path jar() throws Exception {
        return Jars.agent(Neighbour.class, directory);
    }
}

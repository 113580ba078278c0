package io.poolscope.testkit.wrapped;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import io.poolscope.testkit.Moved;
import io.poolscope.testkit.baddays.App;
import io.poolscope.testkit.baddays.Attaching;
import io.poolscope.testkit.baddays.Containers;
import io.poolscope.testkit.baddays.Errands;
import io.poolscope.testkit.baddays.Jars;
import io.poolscope.testkit.baddays.Ran;
import io.poolscope.testkit.baddays.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of a client that somebody has moved to a package of his own: each is a client by itself, and what only looks alike is none. */
class MovedIT {

    private static final String ORIGINAL = "httpclient-4.5.14";
    private static final String HADOOP = "httpclient-4.5.13@hadoop-client-runtime-3.4.1";
    private static final String WAGON = "wagon-http-3";
    private static final String APACHE = "apache-httpclient-4";
    private static final String IN_HADOOP = "org.apache.hadoop.shaded.org.apache.http";
    private static final String IN_WAGON = "org.apache.maven.wagon.providers.http.httpclient";

    private static Site site;

    @TempDir
    Path directory;

    @BeforeAll
    static void openSite() throws Exception {
        site = new Site();
    }

    @AfterAll
    static void closeSite() throws Exception {
        site.close();
    }

    /** The errands, with that copy in place of the library. */
    private Path errandsWith(List<Path> jars) throws Exception {
        Moved moved = Moved.in(jars);
        return moved.program(App.PROGRAMS, directory.resolve(moved.place()));
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void twoCopiesAndTheLibraryInOneLoaderAreThreeClients(int jdk) throws Exception {
        List<Path> hadoop = App.library(HADOOP);
        List<Path> wagon = App.wrapped(WAGON);
        Ran ran = App.on(jdk)
                // The copies' jars come first: they bring the library's Maven properties with them.
                .with(wagon)
                .with(hadoop)
                .with(App.library(ORIGINAL))
                .program(
                        Containers.class,
                        site.url(),
                        APACHE,
                        "childfirst=" + errandsWith(hadoop),
                        "childfirst=" + App.PROGRAMS,
                        "childfirst=" + errandsWith(wagon))
                .run()
                .saysThatItWatches(
                        IN_HADOOP + " (httpclient 4.5.13)", " httpclient 4.5.14", IN_WAGON + " (httpclient 4.5.14)")
                .countsErrandsOf(3);
        for (String called : List.of(IN_HADOOP, "httpclient", IN_WAGON)) {
            String pool = called + "@io.poolscope.testkit.clients.ApacheHttpClient4$Pooled";
            ran.counts(Errands.GRANTED, Contract.GRANTED, Contract.POOL, pool)
                    .counts(Errands.OPENED, Contract.OPEN_CONNECTIONS, Contract.POOL, pool)
                    .counts(1, Contract.STATE, Contract.LIBRARY_NAME, called, Contract.INSTRUMENTATION_STATE, "on");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aCopyInALoaderOfItsOwnIsWatched(int jdk) throws Exception {
        List<Path> plugin = new ArrayList<>(App.wrapped(WAGON));
        plugin.add(0, errandsWith(plugin));
        App.on(jdk)
                .with(App.library(ORIGINAL))
                .program(
                        Containers.class,
                        site.url(),
                        APACHE,
                        "childfirst=" + App.path(plugin),
                        "childfirst=" + App.PROGRAMS)
                .run()
                .saysThatItWatches(IN_WAGON + " (httpclient 4.5.14)", " httpclient 4.5.14")
                .countsErrandsOf(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void attachedLateItFindsACopyThatHadBeenLoaded(int jdk) throws Exception {
        List<Path> wagon = App.wrapped(WAGON);
        App.on(jdk)
                .with(wagon)
                .first(errandsWith(wagon))
                .jvm(
                        "-Djdk.attach.allowAttachSelf=true",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Dbaddays.between=" + Attaching.class.getName())
                .attached()
                .ignoring(Attaching.SAID)
                .program(Errands.class, site.url(), APACHE, APACHE, APACHE)
                .run()
                .saysThatItWatches(IN_WAGON + " (httpclient 4.5.14)")
                .countsErrandsOf(2);
    }

    private static Path wagonHttp(List<Path> wagon) {
        return wagon.stream()
                .filter(jar -> jar.getFileName().toString().startsWith("wagon-http-"))
                .findFirst()
                .orElseThrow();
    }

    /** Somebody who minimises his jar leaves out what he never calls. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aMinimisedCopyIsWatched(int jdk) throws Exception {
        List<Path> wagon = App.wrapped(WAGON);
        Path smaller =
                Jars.without(wagonHttp(wagon), IN_WAGON.replace('.', '/') + "/util/EntityUtils.class", directory);
        App.on(jdk)
                .with(wagon)
                .without("wagon-http-")
                .with(List.of(smaller))
                .first(errandsWith(wagon))
                .program(Errands.class, site.url(), APACHE)
                .run()
                .saysThatItWatches(IN_WAGON + " (httpclient 4.5.14)")
                .countsErrandsOf(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aCopyThatLacksWhatIsRequiredIsOneLine(int jdk) throws Exception {
        List<Path> wagon = App.wrapped(WAGON);
        Path errands = errandsWith(wagon);
        Ran ran = App.on(jdk)
                .with(wagon)
                .without("wagon-http-")
                .with(List.of(Jars.renamed(wagonHttp(wagon), "shutdownConnection", directory)))
                .first(errands)
                .program(Errands.class, site.url(), APACHE)
                .lingering()
                .run()
                .says("WARN \\[poolscope] " + IN_WAGON + " \\(httpclient 4\\.5\\.14\\) is not watched: " + IN_WAGON
                        + "\\.impl\\.conn\\.CPoolEntry has no method shutdownConnection\\(\\)")
                .hasNoFailures()
                .counts(0, Contract.GRANTED);
        assertThat(ran.states()).containsExactly(APACHE + " 4.5.14 unsupported");
    }

    /** Not a line, not a class of Byte Buddy's. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whatIsOnlyCalledAlikeCostsNothingAndIsNotSpokenOf(int jdk) throws Exception {
        Path log = directory.resolve("classes.log");
        App.on(jdk)
                .jvm("-Xlog:class+load:file=" + log)
                .program(Alike.class)
                .hasty()
                .run()
                .says();
        assertThat(log)
                .content()
                .contains("io.poolscope.testkit.wrapped.pool.PoolEntry", "io.poolscope.engine.weaving.Weaver")
                .doesNotContain("net.bytebuddy");
    }
}

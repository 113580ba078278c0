package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers: loaders that hide the model are left alone, loaders that put their own libraries first are watched. */
class LoadersIT extends BadDays {

    private static final String HIDDEN = "WARN \\[poolscope] httpclient 4\\.5\\.14 is not watched: its class loader"
            + " io\\.poolscope\\.testkit\\.baddays\\.Containers\\$Hiding hides the package io\\.poolscope\\.model.*";

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aLoaderThatHidesTheModelIsOneLine(int jdk) throws Exception {
        Ran ran = App.on(jdk)
                .program(Containers.class, site.url(), APACHE, "hiding=" + own(HTTPCLIENT))
                .lingering()
                .run()
                .says(HIDDEN);
        assertThat(ran.states())
                .allMatch(state -> state.endsWith(" unsupported"))
                .isNotEmpty();
        ran.hasNoFailures();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void twoLoadersThatHideTheModelAreNotTwoComplaintsAboutTheSame(int jdk) throws Exception {
        App.on(jdk)
                .program(
                        Containers.class,
                        site.url(),
                        APACHE,
                        "hiding=" + own(HTTPCLIENT),
                        "hiding=" + own(HTTPCLIENT),
                        "hiding=" + own(OLD_HTTPCLIENT))
                .run()
                .says(HIDDEN, HIDDEN.replace("4\\.5\\.14", "4\\.3\\.6"))
                .hasNoFailures();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aWebApplicationsHttpClientOnTheContainersHttpCoreIsWatched(int jdk) throws Exception {
        App.on(jdk)
                .with(App.library(HTTPCLIENT))
                .without("httpclient")
                .program(
                        Containers.class,
                        site.url(),
                        APACHE,
                        "childfirst=" + App.path(List.of(App.PROGRAMS, App.jar(HTTPCLIENT, "httpclient"))))
                .run()
                .saysThatItWatches("httpclient 4.5.14")
                .countsErrandsOf(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void twoWebApplicationsWithAVersionEachAreWatched(int jdk) throws Exception {
        Ran ran = App.on(jdk)
                .program(
                        Containers.class,
                        site.url(),
                        APACHE,
                        "childfirst=" + own(HTTPCLIENT),
                        "childfirst=" + own(OLD_HTTPCLIENT))
                .run()
                .countsErrandsOf(2);
        assertThat(ran.states()).contains(APACHE + " 4.5.14 on", APACHE + " 4.3.6 on");
    }

    /** All jars of a library, and the program. */
    private static String own(String library) throws Exception {
        List<Path> entries = new ArrayList<>(App.library(library));
        entries.add(App.PROGRAMS);
        return App.path(entries);
    }
}

package io.poolscope.testkit.wrapped;

import io.poolscope.testkit.baddays.App;
import io.poolscope.testkit.baddays.Site;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool behind an SDK or a framework, and the application's lines in front of it. */
class WrappedIT {

    private static final String HTTPCLIENT_4 = "apache-httpclient-4";
    private static final String HTTPASYNCCLIENT_4 = "apache-httpasyncclient-4";
    private static final String HTTPCLIENT_5 = "apache-httpclient-5";

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

    private Story story(int jdk, String type, List<Path> libraries) throws Exception {
        return Story.of(jdk, type, libraries, directory, site.url());
    }

    /** It wraps the connection manager and the streams, and closing a stream reads the rest of the object. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void s3OfTheAwsSdk2(int jdk) throws Exception {
        story(jdk, "com.acme.lake.Objects", App.wrapped("aws-sdk-2"))
                .watches(HTTPCLIENT_4, "4.5.13", "httpclient 4.5.13")
                .hasPool("httpclient@com.acme.lake.Objects")
                .has(2, 1)
                .waits(0)
                .granted(7, 4)
                .lost("lose")
                .undrained("glance");
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void restTemplateOfSpring5(int jdk) throws Exception {
        story(jdk, "com.acme.shop.Prices", App.wrapped("spring-web-5"))
                .watches(HTTPCLIENT_4, "4.5.14", "httpclient 4.5.14")
                .hasPool("httpclient@com.acme.shop.Prices")
                .has(2, 1)
                .waits(0)
                .granted(7, 3)
                .lost("lose")
                .undrained("glance");
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void restClientOfSpring6(int jdk) throws Exception {
        story(jdk, "com.acme.shop.Offers", App.wrapped("spring-web-6"))
                .watches(HTTPCLIENT_5, "5.5.1", "httpclient5 5.5.1")
                .hasPool("httpclient5@com.acme.shop.Offers")
                .has(2, 1)
                .waits(0)
                .granted(7, 3)
                .lost("lose")
                .undrained("glance");
    }

    /** Its bodies are read by its selectors, so that none can be left undrained, or lost; but it has ten connections for a node. */
    @ParameterizedTest
    @CsvSource({"17, 8, 4.1.5", "25, 8, 4.1.5", "17, 7, 4.1.4"})
    void restClientOfElasticsearch(int jdk, String generation, String version) throws Exception {
        story(jdk, "com.acme.search.Documents", App.wrapped("elasticsearch-rest-client-" + generation))
                .watches(HTTPASYNCCLIENT_4, version, "httpasyncclient " + version)
                .hasPool("httpasyncclient@com.acme.search.Documents")
                .has(10, 0)
                .waits(2)
                .granted(14, 11)
                .closed(1, "aborted")
                .exhausted(10, "waiting for the response", "search")
                .lostNothing()
                .drained();
    }

    /** The same over HttpClient 5. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void rest5ClientOfElasticsearch(int jdk) throws Exception {
        story(jdk, "com.acme.search.Articles", App.wrapped("elasticsearch-rest5-client-9"))
                .watches(HTTPCLIENT_5, "5.4.4", "httpclient5-async 5.4.4")
                .hasPool("httpclient5-async@com.acme.search.Articles")
                .has(10, 0)
                .waits(2)
                .granted(14, 11)
                .closed(1, "aborted")
                .exhausted(10, "waiting for the response", "search")
                .lostNothing()
                .drained();
    }

    /** Closing a response aborts the request, so that the logs of a container end that never end by themselves. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void dockerJavaWithoutDependencies(int jdk) throws Exception {
        String copy = "com.github.dockerjava.zerodep.shaded.org.apache.hc";
        story(jdk, "com.acme.ops.Engine", App.library("httpclient5-5.5.1@docker-java-transport-zerodep-3.7.0"))
                .watches(HTTPCLIENT_5, "5.5.1", copy + " (httpclient5 5.5.1)")
                .hasPool(copy + "@com.acme.ops.Engine")
                .has(2, 0)
                .waits(0)
                .granted(6, 3)
                .lost("lose")
                .closed(1, "aborted")
                .drained();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void wagonOfMaven(int jdk) throws Exception {
        String copy = "org.apache.maven.wagon.providers.http.httpclient";
        story(jdk, "com.acme.build.Repository", App.wrapped("wagon-http-3"))
                .watches(HTTPCLIENT_4, "4.5.14", copy + " (httpclient 4.5.14)")
                .hasPool(copy + "@com.acme.build.Repository")
                .has(0, 1)
                .waits(0)
                .granted(3, 1)
                .lostNothing()
                .drained();
    }
}

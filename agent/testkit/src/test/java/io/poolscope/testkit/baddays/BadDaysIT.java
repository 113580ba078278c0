package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.testkit.Contract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadDaysIT {
    static final String HTTPCLIENT = "httpclient-4.5.14";
    static final String OLD_HTTPCLIENT = "httpclient-4.3.6";
    static final String CLIENT = "apache-httpclient-4";
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

    private static App errands(int jdk) throws Exception {
        return App.on(jdk).with(App.library(HTTPCLIENT)).program(Errands.class, site.url(), CLIENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void simple(int jdk) throws Exception {
        errands(jdk).run().saysThatItWatches("httpclient 4.5.14").countsErrandsOf(1);
    }
}

package io.poolscope.testkit.baddays;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What the tests have in common: a server to ask, and the usual application. */
abstract class BadDays {

    static final String HTTPCLIENT = "httpclient-4.5.14";
    static final String OLD_HTTPCLIENT = "httpclient-4.3.6";
    static final String APACHE = "apache-httpclient-4";

    static Site site;

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

    /** An application with this library, as {@code httpclient-4.5.14}, that runs its errands. */
    static App errands(int jdk, String library) throws Exception {
        return App.on(jdk).with(App.library(library)).program(Errands.class, site.url(), client(library));
    }

    static String client(String library) {
        return library.startsWith("okhttp") ? "okhttp" : APACHE;
    }

    /** As it is said: {@code httpclient 4.5.14}. */
    static String said(String library) {
        return library.replace('-', ' ');
    }

    /** The jar with what Byte Buddy brings along. */
    static Path byteBuddy() throws Exception {
        return Path.of(net.bytebuddy.ByteBuddy.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    static List<Path> byteBuddyOnly() throws Exception {
        return List.of(byteBuddy());
    }
}

package io.poolscope.benchmarks;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An HTTP client library, in the version that this module is built with. */
enum Library {
    APACHE(
            "apache-httpclient-4",
            "Apache HttpClient",
            "httpclient-",
            "httpcore-",
            "commons-logging-",
            "commons-codec-"),
    OKHTTP("okhttp", "OkHttp", "okhttp-", "okio-jvm-", "kotlin-stdlib-");

    private final String id;
    private final String label;
    private final List<String> prefixes;

    Library(String id, String label, String... prefixes) {
        this.id = id;
        this.label = label;
        this.prefixes = List.of(prefixes);
    }

    /** The name of its instrumentation. */
    String id() {
        return id;
    }

    /** Its name and version. */
    String label() {
        String jar = Path.of(jars().get(0)).getFileName().toString();
        return label + " " + jar.substring(prefixes.get(0).length(), jar.length() - ".jar".length());
    }

    /** Its jars and those it needs, itself first. */
    List<String> jars() {
        return prefixes.stream().flatMap(Library::onClassPath).toList();
    }

    private static Stream<String> onClassPath(String prefix) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> Path.of(jar).getFileName().toString().startsWith(prefix));
    }
}

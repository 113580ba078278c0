package io.poolscope.examples.bulk;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client that the bulk writer knows, in one version. */
public enum Subject {
    HTTP_CLIENT_4("HttpClient", "httpclient4", "HttpClient4Writer", "lib"),
    /** The last version that throws away the connection of an answer that is closed unread. */
    HTTP_CLIENT_5_1_3("HttpClient", "httpclient5", "HttpClient5Writer", "httpclient5-5.1.3"),
    HTTP_CLIENT_5("HttpClient", "httpclient5", "HttpClient5Writer", "lib"),
    OK_HTTP("OkHttp", "okhttp", "OkHttpWriter", "lib");

    private final String title;
    private final String option;
    private final String writer;
    private final String libraries;

    Subject(String title, String option, String writer, String libraries) {
        this.title = title;
        this.option = option;
        this.writer = writer;
        this.libraries = libraries;
    }

    /** The writer as it was written: it closes answers unread. */
    public Trial asWritten(Path agent, List<String> options) throws IOException, InterruptedException {
        return run(agent, options, List.of());
    }

    /** The writer mended: it reads them. */
    public Trial mended(Path agent, List<String> options) throws IOException, InterruptedException {
        return run(agent, options, List.of("--fixed"));
    }

    /** The class with the bug in it, without its package. */
    public String writer() {
        return writer;
    }

    private Trial run(Path agent, List<String> options, List<String> more) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--client", option));
        all.addAll(options);
        all.addAll(more);
        return Trial.of(agent, classPath(), all);
    }

    /** The folder of libraries, and the jar that this class is in; its manifest names those that the folder has not. */
    private String classPath() {
        try {
            Path jar = Path.of(Subject.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolveSibling(libraries).resolve("*") + File.pathSeparator + jar;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}

package io.poolscope.examples.bulk;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client that the bulk writer knows, in one version. */
public enum Subject {
    HTTP_CLIENT_4("HttpClient", "httpclient4"),
    OK_HTTP("OkHttp", "okhttp");

    private final String title;
    private final String option;

    Subject(String title, String option) {
        this.title = title;
        this.option = option;
    }

    /** The writer as it was written: it closes answers unread. */
    public Trial asWritten(Path agent, List<String> options) throws IOException, InterruptedException {
        return run(agent, options, List.of());
    }

    /** The writer mended: it reads them. */
    public Trial mended(Path agent, List<String> options) throws IOException, InterruptedException {
        return run(agent, options, List.of("--fixed"));
    }

    private Trial run(Path agent, List<String> options, List<String> more) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--client", option));
        all.addAll(options);
        all.addAll(more);
        return Trial.of(agent, classPath(), all);
    }

    /** The jar that this class is in: its manifest names the libraries. */
    private static String classPath() {
        try {
            return Path.of(Subject.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}

package io.poolscope.dashboards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that are committed, as they are on disk. */
final class Committed {
    private Committed() {}

    static String text(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there; written anew before, if {@code -Dpoolscope.dashboards=write} asks for it. */
    static String written(String path, String content) throws IOException {
        if ("write".equals(System.getProperty("poolscope.dashboards"))) {
            Files.createDirectories(Path.of(path).getParent());
            Files.writeString(Path.of(path), content);
        }
        return text(path);
    }
}

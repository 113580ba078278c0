package io.poolscope.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A JDK to measure on.
 *
 * @param feature the number it is known by: 17
 * @param home its directory
 */
record Jdk(int feature, Path home) {

    private static final Set<Integer> WANTED = Set.of(17, 25);

    /** The one that is running, and those that are wanted and lie beside it. */
    static List<Jdk> all() throws IOException {
        Path running = Path.of(System.getProperty("java.home")).toRealPath();
        TreeMap<Integer, Jdk> found = new TreeMap<>();
        found.put(Runtime.version().feature(), new Jdk(Runtime.version().feature(), running));
        try (Stream<Path> beside = Files.list(running.getParent())) {
            for (Path home : beside.sorted().toList()) {
                int feature = feature(home);
                if (WANTED.contains(feature)) {
                    found.putIfAbsent(feature, new Jdk(feature, home));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    /** The number of the JDK in this directory, 0 if there is none. */
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isRegularFile(release)) {
            return 0;
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(release)) {
            properties.load(in);
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("[.+-]")[0]);
    }
}

package io.poolscope.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The JVMs of this machine by their feature version: the running one, its neighbours (the folder beside it), and those named in the environment variable
 * {@code TEST_JDKS} as {@code version=home}, separated like a path; these win.
 */
public final class Jvms {

    private Jvms() {}

    /** Java homes by feature version: {@code 17}, {@code 25}. */
    public static Map<Integer, Path> found() {
        Map<Integer, Path> homes = new TreeMap<>();
        Path running = Paths.get(System.getProperty("java.home"));
        if (running.getParent() != null) {
            try (DirectoryStream<Path> neighbours = Files.newDirectoryStream(running.getParent())) {
                for (Path home : neighbours) {
                    int version = version(home);
                    if (version > 0 && Files.isExecutable(java(home))) {
                        homes.putIfAbsent(version, home);
                    }
                }
            } catch (IOException e) {
                // A folder that cannot be listed has no neighbours for us.
            }
        }
        homes.put(Runtime.version().feature(), running);
        String named = System.getenv("TEST_JDKS");
        if (named != null) {
            for (String each : named.split(java.io.File.pathSeparator, -1)) {
                int equals = each.indexOf('=');
                if (equals > 0) {
                    homes.put(Integer.valueOf(each.substring(0, equals).trim()), Paths.get(each.substring(equals + 1)));
                }
            }
        }
        return homes;
    }

    /** The launcher of a Java home. */
    public static Path java(Path home) {
        return home.resolve("bin").resolve("java");
    }

    /** The feature version that the home's release file names, or 0. */
    private static int version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release)) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(release)) {
            Properties properties = new Properties();
            properties.load(in);
            String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
            String[] parts = version.split("[^0-9]+", -1);
            return Integer.parseInt(parts[0].equals("1") ? parts[1] : parts[0]);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}

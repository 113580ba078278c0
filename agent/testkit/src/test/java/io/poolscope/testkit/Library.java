package io.poolscope.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One version of a library, with its jars in a folder of its own: the folders are what the module's POM lists.
 *
 * @param host whose jar it lies in, under a package name of his; null for the library's own jar
 */
record Library(String name, String version, String host, Path folder) {

    /** All that are there, or those that {@code poolscope.kit.only} names: {@code okhttp-5.5.1,httpclient}. */
    static List<Library> wanted() throws IOException {
        List<String> only = list("poolscope.kit.only");
        Path libs = Paths.get(Objects.requireNonNull(System.getProperty("poolscope.kit.libs"), "poolscope.kit.libs"));
        try (Stream<Path> folders = Files.list(libs)) {
            return folders.flatMap(Library::of)
                    .filter(library ->
                            only.isEmpty() || only.contains(library.name) || only.contains(library.toString()))
                    .sorted(Comparator.comparing(Library::name).thenComparing(Library::order))
                    .toList();
        }
    }

    /** What lies in a folder: HttpClient 5 is two, because each of its clients fills a run. */
    private static Stream<Library> of(Path folder) {
        String[] parts = folder.getFileName().toString().split("@", 2);
        int dash = parts[0].lastIndexOf('-');
        String name = parts[0].substring(0, dash);
        String version = parts[0].substring(dash + 1);
        Library library = new Library(name, version, parts.length == 1 ? null : parts[1], folder);
        return name.equals("httpclient5") && library.host == null
                ? Stream.of(library, new Library("httpclient5-async", version, null, folder))
                : Stream.of(library);
    }

    /** The version as it heads a column: {@code 4.5.13 in hadoop-client-runtime 3.4.1}. */
    String column() {
        return host == null ? version : version + " in " + host.replaceFirst("-(?=[\\d.]+$)", " ");
    }

    String order() {
        return Arrays.stream(version.split("\\."))
                .map(part -> String.format("%05d", Integer.valueOf(part)))
                .collect(Collectors.joining("."));
    }

    List<Path> jars() throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.sorted().toList();
        }
    }

    static List<String> list(String property) {
        String value = System.getProperty(property, "");
        return value.isEmpty() ? List.of() : List.of(value.split(","));
    }

    @Override
    public String toString() {
        return name + "-" + version + (host == null ? "" : "@" + host);
    }
}

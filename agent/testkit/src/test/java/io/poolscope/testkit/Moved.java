package io.poolscope.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/** A copy of a library that somebody has moved ("shaded", relocated) to a package of his own. Immutable. */
public final class Moved {

    /** By the package of a library, a class of it behind that. */
    private static final Map<String, String> LANDMARKS = Map.of(
            "org/apache/http", "/impl/client/HttpClients.class",
            "org/apache/hc", "/client5/http/impl/classic/HttpClients.class");

    private final String from;
    private final String to;

    private Moved(String from, String to) {
        this.from = from;
        this.to = to;
    }

    /** The one copy that is in these jars. */
    public static Moved in(Collection<Path> jars) throws IOException {
        for (Path jar : jars) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                    String name = entries.nextElement().getName();
                    for (Map.Entry<String, String> landmark : LANDMARKS.entrySet()) {
                        String place = name.endsWith(landmark.getValue())
                                ? name.substring(
                                        0, name.length() - landmark.getValue().length())
                                : landmark.getKey();
                        if (!place.equals(landmark.getKey())) {
                            return new Moved(landmark.getKey() + "/", place + "/");
                        }
                    }
                }
            }
        }
        throw new IllegalArgumentException("nothing was moved in " + jars);
    }

    /** Its package. */
    public String place() {
        return to.substring(0, to.length() - 1).replace('/', '.');
    }

    /** Puts into that folder a program that calls the copy where these classes call the library; returns the folder. */
    public Path program(Path classes, Path folder) throws IOException {
        Remapper remapper = new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String name) {
                return name.startsWith(from) ? to + name.substring(from.length()) : name;
            }
        };
        try (Stream<Path> all = Files.walk(classes)) {
            for (Path classFile :
                    (Iterable<Path>) all.filter(path -> path.toString().endsWith(".class"))::iterator) {
                Path copy = folder.resolve(classes.relativize(classFile).toString());
                ClassWriter writer = new ClassWriter(0);
                new ClassReader(Files.readAllBytes(classFile)).accept(new ClassRemapper(writer, remapper), 0);
                Files.createDirectories(copy.getParent());
                Files.write(copy, writer.toByteArray());
            }
        }
        return folder;
    }
}

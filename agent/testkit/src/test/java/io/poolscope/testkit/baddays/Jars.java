package io.poolscope.testkit.baddays;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/** Makes jars: changed copies of libraries and of the agent, and a neighbouring agent's. */
public final class Jars {

    private Jars() {}

    /** Changes a class file. */
    private interface Change {
        byte[] apply(String entry, byte[] content);
    }

    /** A copy in which all methods of this name have another, and all calls of them too. */
    public static Path renamed(Path jar, String method, Path directory) throws IOException {
        Remapper remapper = new Remapper(Opcodes.ASM9) {
            @Override
            public String mapMethodName(String owner, String name, String descriptor) {
                return name.equals(method) ? name + "Renamed" : name;
            }
        };
        return copy(jar, directory, (entry, content) -> {
            if (!entry.endsWith(".class")) {
                return content;
            }
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(content).accept(new ClassRemapper(writer, remapper), 0);
            return writer.toByteArray();
        });
    }

    /** A copy of the agent in which a method of the model throws as soon as it is called. */
    static Path throwing(Path agent, String type, String method, Path directory) throws IOException {
        boolean[] found = new boolean[1];
        Path copy = copy(agent, directory, (entry, content) -> {
            if (!entry.equals("io/poolscope/model/" + type + ".class")) {
                return content;
            }
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(content)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9, writer) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access, String name, String descriptor, String signature, String[] thrown) {
                                    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, thrown);
                                    if (!name.equals(method)) {
                                        return next;
                                    }
                                    found[0] = true;
                                    return thrower(next, descriptor, (access & Opcodes.ACC_STATIC) != 0);
                                }
                            },
                            0);
            return writer.toByteArray();
        });
        if (!found[0]) {
            throw new IllegalArgumentException(type + " has no method " + method);
        }
        return copy;
    }

    private static MethodVisitor thrower(MethodVisitor next, String descriptor, boolean isStatic) {
        String exception = "java/lang/IllegalStateException";
        next.visitCode();
        next.visitTypeInsn(Opcodes.NEW, exception);
        next.visitInsn(Opcodes.DUP);
        next.visitLdcInsn("planted");
        next.visitMethodInsn(Opcodes.INVOKESPECIAL, exception, "<init>", "(Ljava/lang/String;)V", false);
        next.visitInsn(Opcodes.ATHROW);
        next.visitMaxs(3, Type.getArgumentsAndReturnSizes(descriptor) >> 2);
        next.visitEnd();
        return null;
    }

    /** A copy in which the methods of this class have no annotations. */
    static Path withoutAnnotations(Path jar, String classFile, Path directory) throws IOException {
        return copy(jar, directory, (entry, content) -> {
            if (!entry.equals(classFile)) {
                return content;
            }
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(content)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9, writer) {
                                @Override
                                public MethodVisitor visitMethod(
                                        int access, String name, String descriptor, String signature, String[] thrown) {
                                    return new MethodVisitor(
                                            Opcodes.ASM9,
                                            super.visitMethod(access, name, descriptor, signature, thrown)) {
                                        @Override
                                        public AnnotationVisitor visitAnnotation(String type, boolean visible) {
                                            return null;
                                        }
                                    };
                                }
                            },
                            0);
            return writer.toByteArray();
        });
    }

    /** A copy without this entry. */
    public static Path without(Path jar, String entry, Path directory) throws IOException {
        Path copy = Files.copy(jar, directory.resolve(jar.getFileName()));
        try (FileSystem content = FileSystems.newFileSystem(copy)) {
            Files.delete(content.getPath(entry));
        }
        return copy;
    }

    /** A jar with this agent, whose class is on the class path. */
    static Path agent(Class<?> premain, Path directory) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", premain.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Can-Redefine-Classes", "true");
        Path jar = directory.resolve("neighbour.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        return jar;
    }

    private static Path copy(Path jar, Path directory, Change change) throws IOException {
        Path copy = directory.resolve(jar.getFileName());
        try (JarFile in = new JarFile(jar.toFile(), false);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy))) {
            for (Enumeration<JarEntry> entries = in.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                byte[] content =
                        change.apply(entry.getName(), in.getInputStream(entry).readAllBytes());
                ZipEntry copied = new ZipEntry(entry.getName());
                if (entry.getMethod() == ZipEntry.STORED) {
                    CRC32 checksum = new CRC32();
                    checksum.update(content);
                    copied.setMethod(ZipEntry.STORED);
                    copied.setSize(content.length);
                    copied.setCrc(checksum.getValue());
                }
                out.putNextEntry(copied);
                out.write(content);
                out.closeEntry();
            }
        }
        return copy;
    }
}

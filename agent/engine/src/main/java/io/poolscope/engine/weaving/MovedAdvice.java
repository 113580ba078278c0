package io.poolscope.engine.weaving;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import net.bytebuddy.utility.OpenedClassReader;

/**
 * Our class files, with the types of a library that advice names under the names that they have in a copy of it. What is
 * inlined into the copy then asks the copy, and not the library that may lie beside it. Stateless.
 */
final class MovedAdvice implements ClassFileLocator {

    private static final String OURS = "io.poolscope.instrumentation.";

    private final ClassFileLocator own;
    private final Copy copy;

    MovedAdvice(ClassFileLocator own, Copy copy) {
        this.own = own;
        this.copy = copy;
    }

    @Override
    public Resolution locate(String name) throws IOException {
        Resolution found = own.locate(name);
        return name.startsWith(OURS) && found.isResolved() ? new Resolution.Explicit(move(found.resolve())) : found;
    }

    private byte[] move(byte[] advice) {
        ClassWriter writer = new ClassWriter(0);
        move(advice, writer, new TreeSet<>());
        return writer.toByteArray();
    }

    /** The types of the copy that advice names, as in source: whoever minimises a jar may have taken one away. */
    Set<String> named(String advice) throws IOException {
        Set<String> names = new TreeSet<>();
        move(own.locate(advice).resolve(), new ClassVisitor(OpenedClassReader.ASM_API) {}, names);
        return names;
    }

    private void move(byte[] advice, ClassVisitor moved, Set<String> names) {
        Remapper remapper = new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String name) {
                String here = copy.here(name);
                if (!here.equals(name)) {
                    names.add(here.replace('/', '.'));
                }
                return here;
            }
        };
        OpenedClassReader.of(advice).accept(new ClassRemapper(moved, remapper), 0);
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}

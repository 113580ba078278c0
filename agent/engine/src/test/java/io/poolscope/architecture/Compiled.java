package io.poolscope.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;

/** Class files of the class path, read and not loaded: the libraries that they name need not be there. */
final class Compiled {

    private Compiled() {}

    static boolean exists(String className) {
        return Compiled.class.getResource(resource(className)) != null;
    }

    static void read(String className, ClassVisitor visitor) throws IOException {
        try (InputStream in = Compiled.class.getResourceAsStream(resource(className))) {
            OpenedClassReader.of(in.readAllBytes()).accept(visitor, ClassReader.SKIP_DEBUG);
        }
    }

    private static String resource(String className) {
        return "/" + className.replace('.', '/') + ".class";
    }

    /** A call, as it stands in a class file. */
    static final class Call {

        final String where;
        final String owner;
        final String name;
        final String descriptor;

        Call(String where, String owner, String name, String descriptor) {
            this.where = where;
            this.owner = owner;
            this.name = name;
            this.descriptor = descriptor;
        }

        @Override
        public String toString() {
            return where + ": " + owner + "." + name + descriptor;
        }
    }

    /** All calls that a class makes. */
    static List<Call> calls(String className) throws IOException {
        List<Call> calls = new ArrayList<>();
        read(className, new ClassVisitor(OpenedClassReader.ASM_API) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String method, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(
                            int opcode, String owner, String name, String descriptor, boolean isInterface) {
                        calls.add(new Call(className + "." + method, owner, name, descriptor));
                    }
                };
            }
        });
        return calls;
    }
}

package io.poolscope.testkit.baddays;

import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Another agent in the same JVM. Its argument says what it does: {@code look} retransforms the libraries' classes and
 * changes nothing; {@code rewrite} puts an instruction in front of every method; {@code redefine} puts back what stands
 * in the libraries' jars; {@code load}, followed by names with {@code +}, loads classes before anybody else comes.
 */
public final class Neighbour {

    private static Instrumentation jvm;
    private static String deed;

    private Neighbour() {}

    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        jvm = instrumentation;
        String[] words = arguments.split("\\+");
        deed = words[0];
        for (int i = 1; i < words.length; i++) {
            Class.forName(words[i], deed.equals("initialize"), ClassLoader.getSystemClassLoader());
        }
        if (deed.equals("look") || deed.equals("rewrite")) {
            jvm.addTransformer(new Rewriting(deed.equals("rewrite")), true);
        }
    }

    /** Called while a response is out. */
    public static void act() throws Exception {
        if (jvm == null || deed.equals("load") || deed.equals("initialize")) {
            return;
        }
        List<Class<?>> libraries = new ArrayList<>();
        for (Class<?> loaded : jvm.getAllLoadedClasses()) {
            if (isLibrary(loaded.getName()) && !loaded.isArray() && jvm.isModifiableClass(loaded)) {
                libraries.add(loaded);
            }
        }
        if (libraries.isEmpty()) {
            throw new IllegalStateException("no class of a library is loaded");
        }
        if (deed.equals("redefine")) {
            List<ClassDefinition> definitions = new ArrayList<>();
            for (Class<?> loaded : libraries) {
                try (InputStream in = loaded.getClassLoader()
                        .getResourceAsStream(loaded.getName().replace('.', '/') + ".class")) {
                    definitions.add(new ClassDefinition(loaded, in.readAllBytes()));
                }
            }
            // At once: one by one, each with a pause of the whole JVM, they take a minute on a machine that is busy.
            jvm.redefineClasses(definitions.toArray(new ClassDefinition[0]));
        } else {
            jvm.retransformClasses(libraries.toArray(new Class<?>[0]));
        }
    }

    private static boolean isLibrary(String name) {
        return name.startsWith("org.apache.http.") || name.startsWith("okhttp3.") || name.startsWith("okio.");
    }

    private static final class Rewriting implements ClassFileTransformer {

        private final boolean rewrites;

        Rewriting(boolean rewrites) {
            this.rewrites = rewrites;
        }

        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
            if (!rewrites || name == null || !isLibrary(name.replace('/', '.'))) {
                return null;
            }
            ClassReader reader = new ClassReader(classFile);
            ClassWriter writer = new ClassWriter(0);
            reader.accept(new InEveryMethod(writer), 0);
            return writer.toByteArray();
        }
    }

    private static final class InEveryMethod extends ClassVisitor {

        InEveryMethod(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    super.visitInsn(Opcodes.NOP);
                }
            };
        }
    }
}

package io.poolscope.engine.weaving;

import io.poolscope.instrumentation.Hook;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;

/** The methods that a class file declares and that can be woven: names and descriptors, nothing resolved. */
final class ClassOutline extends ClassVisitor {

    private final List<String[]> methods = new ArrayList<>();

    private ClassOutline() {
        super(OpenedClassReader.ASM_API);
    }

    static ClassOutline of(byte[] classFile) {
        ClassOutline outline = new ClassOutline();
        OpenedClassReader.of(classFile)
                .accept(outline, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return outline;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_BRIDGE)) == 0) {
            methods.add(new String[] {name, descriptor});
        }
        return null;
    }

    boolean has(Hook hook) {
        for (String[] method : methods) {
            if (hook.matches(method[0], method[1])) {
                return true;
            }
        }
        return false;
    }
}

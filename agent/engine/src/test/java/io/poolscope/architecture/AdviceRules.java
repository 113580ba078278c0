package io.poolscope.architecture;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.utility.OpenedClassReader;

/** The rules of advice, held against one compiled class of it. */
final class AdviceRules extends ClassVisitor {

    private static final String ENTER = Type.getDescriptor(Advice.OnMethodEnter.class);
    private static final String EXIT = Type.getDescriptor(Advice.OnMethodExit.class);
    private static final String MODEL = "io.poolscope.model.";

    private final boolean inConstructor;
    private final Set<String> libraryPackages;
    private final List<String> violations = new ArrayList<>();
    private int adviceMethods;

    private AdviceRules(boolean inConstructor, Set<String> libraryPackages) {
        super(OpenedClassReader.ASM_API);
        this.inConstructor = inConstructor;
        this.libraryPackages = libraryPackages;
    }

    /** What a class of advice does that it must not, one sentence for each. */
    static List<String> violations(String advice, boolean inConstructor, Set<String> libraryPackages)
            throws IOException {
        AdviceRules rules = new AdviceRules(inConstructor, libraryPackages);
        Compiled.read(advice, rules);
        if (rules.adviceMethods == 0) {
            rules.violations.add("there is no method of advice in it");
        }
        return rules.violations;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        return new Body(access, name, descriptor);
    }

    /** One method: collects what it names and does, and judges it if an annotation says that it is advice. */
    private final class Body extends MethodVisitor {

        private final int access;
        private final String name;
        private final List<String> found = new ArrayList<>();
        private boolean isAdvice;

        Body(int access, String name, String descriptor) {
            super(Opcodes.ASM9);
            this.access = access;
            this.name = name;
            names(Type.getMethodType(descriptor));
        }

        @Override
        public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            boolean isExit = descriptor.equals(EXIT);
            if (!isExit && !descriptor.equals(ENTER)) {
                return null;
            }
            isAdvice = true;
            Map<String, Object> values = new LinkedHashMap<>();
            return new AnnotationVisitor(Opcodes.ASM9) {
                @Override
                public void visit(String key, Object value) {
                    values.put(key, value);
                }

                @Override
                public void visitEnd() {
                    if (!Type.getType(Throwable.class).equals(values.get("suppress"))) {
                        found.add("does not suppress every Throwable");
                    }
                    if (isExit && inConstructor && values.containsKey("onThrowable")) {
                        found.add("catches what a constructor throws, which the JVM does not allow");
                    }
                }
            };
        }

        @Override
        public void visitCode() {
            if ((access & Opcodes.ACC_STATIC) == 0) {
                found.add("is not static");
            }
            if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                found.add("is synchronized");
            }
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.MONITORENTER) {
                found.add("takes a lock");
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String called, String descriptor, Handle bootstrap, Object... arguments) {
            found.add("has an invokedynamic (a lambda, a method reference, or an indy concatenation): " + called);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String called, String descriptor, boolean isInterface) {
            Type type = Type.getObjectType(owner);
            names(type);
            names(Type.getMethodType(descriptor));
            if (type.getClassName().startsWith(MODEL) && !isPublicInModel(type.getClassName(), called)) {
                found.add("calls what is not public: " + type.getClassName() + "." + called);
            }
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String descriptor) {
            names(Type.getObjectType(owner));
            names(Type.getType(descriptor));
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            names(Type.getObjectType(type));
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            names(Type.getType(descriptor));
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            if (type != null) {
                names(Type.getObjectType(type));
            }
        }

        @Override
        public void visitLdcInsn(Object constant) {
            if (constant instanceof Type) {
                found.add("has a class literal, which class files of Java 1.4 do not know: " + constant);
            } else if (!(constant instanceof String || constant instanceof Number)) {
                found.add("has a constant that old class files do not know: " + constant);
            }
        }

        @Override
        public void visitEnd() {
            if (isAdvice) {
                adviceMethods++;
                found.stream().distinct().map(what -> name + " " + what).forEach(violations::add);
            }
        }

        private void names(Type type) {
            if (type.getSort() == Type.METHOD) {
                names(type.getReturnType());
                Arrays.stream(type.getArgumentTypes()).forEach(this::names);
            } else if (type.getSort() == Type.ARRAY) {
                names(type.getElementType());
            } else if (type.getSort() == Type.OBJECT && !isAllowed(type.getClassName())) {
                found.add("names " + type.getClassName());
            }
        }

        private boolean isAllowed(String type) {
            return type.startsWith("java.")
                    || (type.startsWith(MODEL) && type.indexOf('.', MODEL.length()) < 0)
                    || libraryPackages.stream().anyMatch(type::startsWith);
        }

        private boolean isPublicInModel(String type, String method) {
            try {
                Class<?> owner = Class.forName(type);
                boolean isPublic = method.equals("<init>")
                        ? owner.getConstructors().length > 0
                        : Arrays.stream(owner.getMethods())
                                .anyMatch(each -> each.getName().equals(method));
                return Modifier.isPublic(owner.getModifiers()) && isPublic;
            } catch (ClassNotFoundException missing) {
                return false;
            }
        }
    }
}

package io.poolscope.engine.weaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.poolscope.instrumentation.Hook;
import io.poolscope.instrumentation.WovenType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassOutlineTest {

    private static final Copy COPY = Copy.original(null);

    /** Of every kind: long and double constants, lambdas, method handles, constants that are computed, nothing at all. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                String.class,
                Math.class,
                Thread.class,
                java.util.concurrent.ConcurrentHashMap.class,
                java.util.Collection.class,
                java.lang.invoke.MethodHandles.class,
                java.lang.annotation.Retention.class,
                ClassOutlineTest.class
            })
    void seesTheMethodsThatCanBeWoven(Class<?> type) throws IOException {
        byte[] classFile = classFile(type);
        List<String> woven = new ArrayList<>();
        List<String> others = new ArrayList<>();
        OpenedClassReader.of(classFile)
                .accept(
                        new ClassVisitor(OpenedClassReader.ASM_API) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] thrown) {
                                int not = Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE | Opcodes.ACC_BRIDGE;
                                ((access & not) == 0 ? woven : others).add(name);
                                return null;
                            }
                        },
                        ClassReader.SKIP_CODE);
        ClassOutline outline = ClassOutline.of(classFile, COPY);

        assertThat(woven).allMatch(name -> outline.has(Hook.onEvery(name)));
        others.removeAll(woven);
        assertThat(others).noneMatch(name -> outline.has(Hook.onEvery(name)));
    }

    @ParameterizedTest
    @ValueSource(classes = Thread.class)
    void saysWhatIsMissing(Class<?> type) throws IOException {
        ClassOutline outline = ClassOutline.of(classFile(type), COPY);
        WovenType thread = WovenType.type("java.lang.Thread");

        assertThat(outline.missing(thread.hooks(Hook.on("join", "long")))).isNull();
        assertThat(outline.missing(thread.hooks(Hook.on("weave").optional()))).isNull();
        assertThat(outline.missing(thread.hooks(Hook.on("join", "double"))))
                .isEqualTo("java.lang.Thread has no method join(double)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 100})
    void whatIsNoClassFileIsRefused(int length) {
        assertThatThrownBy(() -> ClassOutline.of(new byte[length], COPY)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }
}

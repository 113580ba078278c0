package io.poolscope.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A call of a {@code VarHandle} is fast when its descriptor is exactly that of the access. A bare {@code null} (of type
 * {@code Void}), an ignored result (of type {@code void}) or a missing cast makes it convert its arguments at each call,
 * through classes that the JVM spins at the first one: in woven code.
 */
class VarHandleTest {

    @Test
    void everyCallOfTheModelIsExact() throws IOException {
        List<Compiled.Call> calls = new ArrayList<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.poolscope.model")) {
            for (Compiled.Call call : Compiled.calls(type.getName())) {
                if (call.owner.equals("java/lang/invoke/VarHandle")) {
                    calls.add(call);
                }
            }
        }
        assertThat(calls).isNotEmpty().allSatisfy(call -> {
            assertThat(call.descriptor).doesNotContain("Ljava/lang/Void;", "Ljava/lang/Object;");
            assertThat(call.descriptor.endsWith(")V"))
                    .as("%s gives back nothing", call)
                    .isEqualTo(call.name.startsWith("set"));
        });
    }
}

package io.poolscope.instrumentation;

import static io.poolscope.instrumentation.Hook.ANY;
import static io.poolscope.instrumentation.Hook.on;
import static io.poolscope.instrumentation.Hook.onConstructor;
import static io.poolscope.instrumentation.Hook.onEvery;
import static io.poolscope.instrumentation.Hook.onEveryConstructor;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookTest {

    @Test
    void meansMethodsOfItsNameOnly() {
        assertThat(on("close").matches("close", "()V")).isTrue();
        assertThat(on("close").matches("closed", "()V")).isFalse();
        assertThat(onEvery("close").matches("closed", "()V")).isFalse();
    }

    @Test
    void withoutParametersMeansMethodsWithoutParameters() {
        assertThat(on("close").matches("close", "()Ljava/lang/Object;")).isTrue();
        assertThat(on("close").matches("close", "(Z)V")).isFalse();
    }

    @Test
    void onEveryMeansMethodsWithAnyParameters() {
        assertThat(onEvery("read").matches("read", "()I")).isTrue();
        assertThat(onEvery("read").matches("read", "([BII)I")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Z, boolean",
        "B, byte",
        "C, char",
        "S, short",
        "I, int",
        "J, long",
        "F, float",
        "D, double",
        "Ljava/lang/Object;, java.lang.Object",
        "[B, byte[]",
        "[[J, long[][]",
        "[Ljava/lang/String;, java.lang.String[]",
        "La/B$C;, a.B$C"
    })
    void namesTypesAsInSource(String descriptor, String name) {
        assertThat(on("m", name).matches("m", "(" + descriptor + ")V")).isTrue();
        assertThat(on("m", name).matches("m", "(" + descriptor + descriptor + ")V"))
                .isFalse();
        assertThat(on("m", name, name).matches("m", "(" + descriptor + ")V")).isFalse();
        assertThat(on("m", ANY).matches("m", "(" + descriptor + ")V")).isTrue();
        assertThat(on("m", "other").matches("m", "(" + descriptor + ")V")).isFalse();
        assertThat(on("m", "int", name, "long").matches("m", "(I" + descriptor + "J)V"))
                .isTrue();
    }

    @Test
    void tellsAnArrayFromItsElements() {
        assertThat(on("read", "byte").matches("read", "([B)I")).isFalse();
        assertThat(on("read", "byte[]").matches("read", "([[B)I")).isFalse();
        assertThat(on("write", "java.lang.String").matches("write", "([Ljava/lang/String;)V"))
                .isFalse();
    }

    @Test
    void anyStandsForOneParameter() {
        assertThat(on("m", ANY).matches("m", "()V")).isFalse();
        assertThat(on("m", ANY, ANY).matches("m", "([Ljava/lang/String;J)V")).isTrue();
        assertThat(on("m", ANY, ANY).matches("m", "(I)V")).isFalse();
    }

    @Test
    void meansConstructors() {
        assertThat(onConstructor("int").matches("<init>", "(I)V")).isTrue();
        assertThat(onConstructor("int").matches("<init>", "()V")).isFalse();
        assertThat(onEveryConstructor().matches("<init>", "(I)V")).isTrue();
        assertThat(onEveryConstructor().matches("<clinit>", "()V")).isFalse();
    }

    @Test
    void meansTheOtherNamesOfAMethodToo() {
        Hook hook = on("release").or("release$okhttp").with(HookTest.class).optional();
        assertThat(hook.matches("release", "()V")).isTrue();
        assertThat(hook.matches("release$okhttp", "()V")).isTrue();
        assertThat(hook.matches("release$okhttp", "(I)V")).isFalse();
        assertThat(hook.matches("release$okhttp$default", "()V")).isFalse();
        assertThat(hook.isOptional()).isTrue();
        assertThat(hook).hasToString("release or release$okhttp()");
    }

    @Test
    void keepsItsPlaceWithAdviceAndWhenOptional() {
        Hook hook = on("close", "long").with(HookTest.class).optional();
        assertThat(hook.matches("close", "(J)V")).isTrue();
        assertThat(hook.advice()).isEqualTo(HookTest.class.getName());
        assertThat(hook.isOptional()).isTrue();
        assertThat(on("close").isOptional()).isFalse();
        assertThat(on("close").advice()).isNull();
    }

    @Test
    void readsAsInSource() {
        assertThat(on("release", "a.Entry", "boolean")).hasToString("release(a.Entry, boolean)");
        assertThat(onEvery("read")).hasToString("read(..)");
        assertThat(onEveryConstructor().toString()).startsWith("<init>");
    }
}

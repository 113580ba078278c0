package io.poolscope.engine.weaving;

import static io.poolscope.instrumentation.Hook.on;
import static io.poolscope.instrumentation.WovenType.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.instrumentation.ClientInstrumentation;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import java.util.List;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

class CopiesTest {

    private static final byte[] POOL =
            classFile("org/wire/pool/Pool", "lease", "(Lorg/wire/Route;[Lorg/wire/Route;J)V");
    private static final String LEASE = "lease";

    private final ClientInstrumentation wire = new Client(
            "wire",
            "org.wire",
            type("org.wire.pool.Pool").hooks(on(LEASE, "org.wire.Route", "org.wire.Route[]", "long")),
            type("org.wire.pool.Pool$Entry").hooks(on("close")));
    private final ClientInstrumentation fixed =
            new Client("fixed", null, type("org.fixed.Dispatcher").hooks(on("run")));
    private final Copies copies = new Copies();

    CopiesTest() {
        copies.add(wire);
        copies.add(fixed);
    }

    @Test
    void theLibraryItselfIsKnownByItsName() {
        assertThat(copies.mayHave("org/wire/pool/Pool")).isTrue();

        Copy copy = copies.of("org/wire/pool/Pool", new byte[0]);

        assertThat(copy.client()).isSameAs(wire);
        assertThat(copy.isMoved()).isFalse();
        assertThat(copy.place()).isNull();
        assertThat(copies.of("org/wire/pool/Pool$Entry", new byte[0])).isSameAs(copy);
    }

    @Test
    void aCopyIsKnownByTheEndOfItsNameAndItsShape() {
        for (String place : List.of("com/acme/shaded/org/wire", "net/lake/internal/http", "x")) {
            byte[] classFile =
                    classFile(place + "/pool/Pool", LEASE, "(L" + place + "/Route;[L" + place + "/Route;J)V");
            assertThat(copies.mayHave(place + "/pool/Pool")).isTrue();

            Copy copy = copies.of(place + "/pool/Pool", classFile);

            assertThat(copy.client()).isSameAs(wire);
            assertThat(copy.isMoved()).isTrue();
            assertThat(copy.place()).isEqualTo(place.replace('/', '.'));
        }
    }

    @Test
    void allClassesOfACopyAreOfOneCopyAndTwoCopiesAreTwo() {
        Copy copy = copies.of("a/pool/Pool$Entry", classFile("a/pool/Pool$Entry", "close", "()V"));

        assertThat(copies.of("a/pool/Pool", classFile("a/pool/Pool", LEASE, "(La/Route;[La/Route;J)V")))
                .isSameAs(copy);
        Copy other = copies.of("b/pool/Pool$Entry", classFile("b/pool/Pool$Entry", "close", "()V"));
        assertThat(other).isNotSameAs(copy);
        assertThat(other.libraries()).doesNotContainAnyElementsOf(copy.libraries());
        assertThat(copy.libraries()).isEqualTo(copy.libraries());
    }

    @Test
    void aClassThatIsOnlyCalledAlikeIsNobodys() {
        Stream.of(
                        classFile("com/acme/pool/Pool", "borrow", "()V"),
                        // A wrapper around the library, with its methods.
                        classFile("com/acme/pool/Pool", LEASE, "(Lorg/wire/Route;[Lorg/wire/Route;J)V"),
                        classFile("com/acme/pool/Pool", LEASE, "(Lcom/acme/Route;[Lcom/acme/Route;I)V"))
                .forEach(classFile ->
                        assertThat(copies.of("com/acme/pool/Pool", classFile)).isNull());
        assertThat(copies.mayHave("com/acme/Pool")).isFalse();
        assertThat(copies.mayHave("com/acme/carpool/Pool")).isFalse();
        assertThat(copies.mayHave("pool/Pool")).isFalse();
        assertThat(copies.mayHave("/pool/Pool")).isFalse();
    }

    @Test
    void aClientThatCannotBeMovedIsKnownByItsFullNameOnly() {
        assertThat(copies.of("org/fixed/Dispatcher", new byte[0]).client()).isSameAs(fixed);
        assertThat(copies.mayHave("com/acme/org/fixed/Dispatcher")).isFalse();
    }

    @Test
    void theLongerEndingIsAskedFirst() {
        ClientInstrumentation wire2 =
                new Client("wire-2", "org.w", type("org.w.wire.pool.Pool").hooks(on(LEASE, "org.w.wire.Route")));
        for (ClientInstrumentation[] order : new ClientInstrumentation[][] {{wire, wire2}, {wire2, wire}}) {
            Copies both = new Copies();
            both.add(order[0]);
            both.add(order[1]);

            String name = "a/wire/pool/Pool";
            assertThat(both.of(name, classFile(name, LEASE, "(La/wire/Route;)V"))
                            .place())
                    .isEqualTo("a");
            assertThat(both.of(name, classFile(name, LEASE, "(La/wire/Route;[La/wire/Route;J)V"))
                            .place())
                    .isEqualTo("a.wire");
            assertThat(both.of("org/w/wire/pool/Pool", POOL).client()).isSameAs(wire2);
        }
    }

    @Test
    void namesAreTranslatedBothWays() {
        Copy copy = Copy.moved(wire, "org/wire", "com/acme/http");

        assertThat(copy.here("org/wire/pool/Pool")).isEqualTo("com/acme/http/pool/Pool");
        assertThat(copy.here("org/wireless/Pool")).isEqualTo("org/wireless/Pool");
        assertThat(copy.there("com/acme/http/pool/Pool")).isEqualTo("org/wire/pool/Pool");
        assertThat(copy.there("com/acme/https/Pool")).isEqualTo("com/acme/https/Pool");
        assertThat(copy.hereInSource("org.wire.pool.Pool")).isEqualTo("com.acme.http.pool.Pool");
        assertThat(copy.thereInSource("com.acme.http.pool.Pool")).isEqualTo("org.wire.pool.Pool");
        assertThat(copy.translated("org.wire.pool.Pool has no method lease(org.wire.Route, long)"))
                .isEqualTo("com.acme.http.pool.Pool has no method lease(com.acme.http.Route, long)");
    }

    private static byte[] classFile(String name, String method, String descriptor) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, name, null, "java/lang/Object", null);
        writer.visitMethod(Opcodes.ACC_PUBLIC, method, descriptor, null, null).visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static final class Client implements ClientInstrumentation {

        private final String name;
        private final String relocatable;
        private final WovenType[] types;

        Client(String name, String relocatable, WovenType... types) {
            this.name = name;
            this.relocatable = relocatable;
            this.types = types;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String relocatable() {
            return relocatable;
        }

        @Override
        public String[] entryTypes() {
            return Stream.of(types).map(WovenType::name).toArray(String[]::new);
        }

        @Override
        public List<Library> libraries() {
            return List.of(Library.client(name, name, name).weave(types));
        }
    }
}

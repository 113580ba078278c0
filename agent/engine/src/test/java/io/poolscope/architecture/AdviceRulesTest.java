package io.poolscope.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.poolscope.instrumentation.ClientInstrumentation;
import io.poolscope.instrumentation.Hook;
import io.poolscope.instrumentation.Library;
import io.poolscope.instrumentation.WovenType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What holds for advice, because it is inlined into classes of a library that do not see the agent's own loader and may
 * be as old as Java 5. Checked over the compiled advice of every instrumentation that this module's tests see; a new one
 * is covered once it is a test dependency of the engine and has its packages named here.
 */
class AdviceRulesTest {

    /** The library's own packages, by instrumentation. */
    private static final Map<String, Set<String>> LIBRARY_PACKAGES = Map.of(
            "apache-httpclient-4", Set.of("org.apache.http."),
            "apache-httpclient-5", Set.of("org.apache.hc."),
            "okhttp", Set.of("okhttp3.", "okio."));

    @Test
    void instrumentationsAreFound() {
        assertThat(instrumentations()).isNotEmpty();
    }

    @TestFactory
    Stream<DynamicNode> typesAreNamedAtOnceAsTheyAreLater() {
        return instrumentations().stream()
                .map(client -> dynamicTest(client.name(), () -> {
                    Set<String> later = new TreeSet<>();
                    for (WovenType type : types(client)) {
                        later.add(type.name());
                    }
                    assertThat(client.entryTypes()).doesNotHaveDuplicates();
                    assertThat(new TreeSet<>(Set.of(client.entryTypes())))
                            .as("entryTypes() and the types of libraries()")
                            .isEqualTo(later);
                }));
    }

    @TestFactory
    Stream<DynamicNode> everyHookHasAdvice() {
        return instrumentations().stream()
                .map(client -> dynamicTest(
                        client.name(),
                        () -> assertThat(types(client))
                                .allSatisfy(type -> assertThat(type.hooks())
                                        .allSatisfy(hook -> assertThat(
                                                        hook.advice() != null && Compiled.exists(hook.advice()))
                                                .as("advice %s of %s.%s exists", hook.advice(), type.name(), hook)
                                                .isTrue()))));
    }

    @TestFactory
    Stream<DynamicNode> adviceKeepsTheRules() {
        return instrumentations().stream()
                .map(client -> dynamicContainer(
                        client.name(),
                        advice(client).entrySet().stream()
                                .map(each -> dynamicTest(
                                        simpleName(each.getKey()),
                                        () -> assertThat(violations(client, each.getKey(), each.getValue()))
                                                .isEmpty()))));
    }

    private static List<String> violations(ClientInstrumentation client, String advice, boolean inConstructor)
            throws IOException {
        assertThat(LIBRARY_PACKAGES)
                .as("packages of each library whose types advice may name")
                .containsKey(client.name());
        return AdviceRules.violations(advice, inConstructor, LIBRARY_PACKAGES.get(client.name()));
    }

    /** The names of all advice classes, and whether they are inlined into a constructor. */
    private static Map<String, Boolean> advice(ClientInstrumentation client) {
        Map<String, Boolean> advice = new TreeMap<>();
        for (WovenType type : types(client)) {
            for (Hook hook : type.hooks()) {
                advice.merge(hook.advice(), hook.toString().startsWith(Hook.CONSTRUCTOR), Boolean::logicalOr);
            }
        }
        return advice;
    }

    private static List<WovenType> types(ClientInstrumentation client) {
        List<WovenType> types = new ArrayList<>();
        for (Library library : client.libraries()) {
            library.variants().forEach(types::addAll);
        }
        return types;
    }

    private static List<ClientInstrumentation> instrumentations() {
        List<ClientInstrumentation> found = new ArrayList<>();
        ServiceLoader.load(ClientInstrumentation.class).forEach(found::add);
        return found;
    }

    private static String simpleName(String advice) {
        return advice.substring(advice.lastIndexOf('.') + 1);
    }
}

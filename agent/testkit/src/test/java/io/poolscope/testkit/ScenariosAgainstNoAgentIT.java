package io.poolscope.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The kit's own test: without an agent each scenario does to the library what it says, by the pool's own statistics and by what the servers saw, and none
 * meets its expectations, which proves that they can fail. The newest version of each library, or with {@code -Dpoolscope.kit.without=all} every one.
 */
class ScenariosAgainstNoAgentIT {

    @TestFactory
    Stream<DynamicNode> everyScenarioIsTrueOfTheLibraryAndMissesTheAgent() throws Exception {
        List<DynamicNode> nodes = new ArrayList<>();
        int jdk = Library.list("poolscope.kit.jdks").stream()
                .filter(version -> !version.equals("none"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(Runtime.version().feature());
        Path home = Objects.requireNonNull(Jvms.found().get(jdk), "no JDK " + jdk + " here");
        Path keyStore = KeyStores.make(Paths.get(System.getProperty("poolscope.kit.out", "target"), "kit", "without"));
        try (Servers servers = new Servers(keyStore)) {
            for (Library library : libraries()) {
                List<Outcome> outcomes = Run.of(library, jdk, home, null, servers, keyStore);
                nodes.add(DynamicContainer.dynamicContainer(
                        library.toString(),
                        outcomes.stream().map(ScenariosAgainstNoAgentIT::test).toList()));
            }
        }
        return nodes.stream();
    }

    private static List<Library> libraries() throws Exception {
        List<Library> all = Library.wanted();
        if ("all".equals(System.getProperty("poolscope.kit.without"))) {
            return all;
        }
        TreeMap<String, Library> newest = new TreeMap<>(Collections.reverseOrder());
        all.forEach(library -> newest.put(library.name(), library));
        return List.copyOf(newest.values());
    }

    private static DynamicTest test(Outcome outcome) {
        return DynamicTest.dynamicTest(
                outcome.client() + ": " + outcome.scenario().title(), () -> {
                    if (outcome.obstacle() != null) {
                        abort(outcome.obstacle());
                    }
                    assertThat(outcome.untrue()).as("%s", outcome.explanation()).isEmpty();
                    assertThat(outcome.unmet())
                            .as("what an agent would have to export")
                            .isNotEmpty();
                });
    }
}

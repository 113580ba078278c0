package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.telemetry.Names.Metric;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One class holds every name. */
class NamesTest {

    private static final Path SOURCES = Paths.get("src/main/java/io/poolscope/engine/telemetry");

    private static List<String> constants() throws IllegalAccessException {
        List<String> constants = new ArrayList<>();
        for (Field field : Names.class.getFields()) {
            if (field.getType() == String.class) {
                constants.add((String) field.get(null));
            }
        }
        return constants;
    }

    @Test
    void noNameIsThereTwice() throws Exception {
        List<String> all = constants();
        all.remove(Names.DISTRO);
        for (Metric metric : Metric.values()) {
            all.add(metric.key());
        }
        assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }

    @Test
    void everyAttributeOfAMetricIsAConstant() throws Exception {
        List<String> constants = constants();
        for (Metric metric : Metric.values()) {
            assertThat(constants)
                    .containsAll(metric.own())
                    .containsAll(metric.level().attributes());
        }
    }

    @Test
    void unitsAreSecondsOrThings() {
        assertThat(Metric.values())
                .allSatisfy(metric -> assertThat(metric.unit()).matches("s|\\{[a-z]+}"));
    }

    @Test
    void noOtherClassSpellsAName() throws Exception {
        Set<String> names = new HashSet<>(constants());
        names.remove(Names.DISTRO);
        for (Metric metric : Metric.values()) {
            names.add(metric.key());
        }
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(one -> !one.endsWith("Names.java")).collect(Collectors.toList())) {
                String source = Files.readString(file);
                assertThat(names.stream().filter(name -> source.contains('"' + name + '"')))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void everyMetricIsMadeSomewhere() throws Exception {
        String producer = Files.readString(SOURCES.resolve("PoolMetricProducer.java"));
        assertThat(Metric.values()).allSatisfy(metric -> assertThat(producer).contains("Metric." + metric.name()));
    }
}

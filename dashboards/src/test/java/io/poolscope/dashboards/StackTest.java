package io.poolscope.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The stack of {@code examples/stack} and the Collector's configurations, as files: that their parts fit together. */
class StackTest {
    private static final Path STACK = Path.of("../examples/stack");
    private static final Map<String, Object> COMPOSE = yaml(STACK.resolve("compose.yaml"));
    private static final Map<String, Object> SERVICES = object(COMPOSE, "services");

    /** Of these, others build a name of. */
    private static final Pattern ADDRESS = Pattern.compile("(?:https?://)?([a-z][a-z-]*):(\\d{4,5})\\b");

    /** What listens in the stack, and is not told to by a file of ours. */
    private static final Map<String, Set<String>> LISTENS = Map.of(
            "prometheus", Set.of("9090"),
            "grafana", Set.of("3000"),
            "elasticsearch", Set.of("9200"),
            "kibana", Set.of("5601"));

    @Test
    void imagesAreOfOneVersion() {
        SERVICES.forEach((name, service) -> assertThat((String) object(service).get("image"))
                .as(name)
                .matches("[\\w./-]+:v?\\d+\\.\\d+\\.\\d+\\S*"));
    }

    @Test
    void portsAreThisMachinesOwn() {
        List<String> ports = new ArrayList<>();
        SERVICES.values()
                .forEach(service -> ports.addAll(strings(object(service).get("ports"))));

        assertThat(ports).hasSize(3).allMatch(port -> port.matches("127\\.0\\.0\\.1:(\\d+):\\1"));
    }

    /** What is mounted is in the repository, or in the folder that the build writes a module's jar to. */
    @Test
    void whatIsMountedIsThere() {
        List<String> mounts = new ArrayList<>();
        SERVICES.values()
                .forEach(service -> mounts.addAll(strings(object(service).get("volumes"))));

        assertThat(mounts).hasSizeGreaterThan(8).allMatch(mount -> mount.endsWith(":ro"));
        for (String mount : mounts) {
            Path source = STACK.resolve(mount.split(":")[0]).normalize();
            Path built = Path.of(source.toString().replaceFirst("/target(/.*)?$", "/pom.xml"));
            assertThat(Files.exists(built)).as("%s of %s", built, mount).isTrue();
        }
    }

    /** A file of a mounted folder that a command, a setting or another file names. */
    @Test
    void whatIsReadInAContainerIsMountedThere() {
        Map<String, String> named = Map.of(
                "collector", "/etc/collector/collector.yaml",
                "collector-elastic", "/etc/collector/elasticsearch.yaml",
                "prometheus", "/etc/prometheus/prometheus.yaml",
                "tempo", "/etc/tempo.yaml",
                "grafana", "/var/lib/poolscope/poolscope-overview.json",
                "kibana-import", "/dashboards/poolscope.ndjson");
        named.forEach((service, file) -> {
            assertThat(SERVICES.get(service).toString()).contains(file.endsWith("ndjson") ? "/dashboards/*" : file);
            assertThat(onThisMachine(service, file)).as(file).exists();
        });
        Map<String, Object> prometheus = yaml(onThisMachine("prometheus", "/etc/prometheus/prometheus.yaml"));
        assertThat(strings(prometheus.get("rule_files")))
                .isNotEmpty()
                .allSatisfy(
                        file -> assertThat(onThisMachine("prometheus", file)).exists());
        Path provisioning = onThisMachine("grafana", "/etc/grafana/provisioning/dashboards/poolscope.yaml");
        Map<String, Object> provider =
                object(list(yaml(provisioning).get("providers")).get(0));
        Path dashboards =
                onThisMachine("grafana", (String) object(provider, "options").get("path"));
        assertThat(dashboards).isDirectoryContaining("glob:**poolscope-*.json");
    }

    private static Path onThisMachine(String service, String file) {
        for (String mount : strings(object(SERVICES, service).get("volumes"))) {
            String[] parts = mount.split(":");
            if (file.equals(parts[1]) || file.startsWith(parts[1] + "/")) {
                return STACK.resolve(parts[0] + file.substring(parts[1].length()))
                        .normalize();
            }
        }
        throw new AssertionError(file + " is not mounted in " + service);
    }

    /** Who starts without the profile does not wait for somebody who does not, and who is waited for has a health to tell. */
    @Test
    void nobodyWaitsForSomebodyWhoDoesNotCome() {
        SERVICES.forEach((name, service) -> {
            Object dependencies = object(service).get("depends_on");
            Set<String> before = dependencies instanceof Map<?, ?> conditions
                    ? conditions.keySet().stream().map(String.class::cast).collect(Collectors.toSet())
                    : new TreeSet<>(strings(dependencies));
            for (String other : before) {
                assertThat(SERVICES).as(name).containsKey(other);
                if (object(SERVICES, other).containsKey("profiles")) {
                    assertThat(object(service).get("profiles"))
                            .as("%s waits for %s", name, other)
                            .isEqualTo(object(SERVICES, other).get("profiles"));
                }
                if (dependencies.toString().contains("service_healthy")) {
                    assertThat(object(SERVICES, other)).as(other).containsKey("healthcheck");
                }
            }
        });
    }

    /** Every address is that of a service that listens there. */
    @Test
    void everyAddressIsThatOfAService() {
        Map<String, Object> collector = collector("collector.yaml");
        Set<String> ofCollector =
                ports(object(collector, "receivers") + " " + object(object(collector, "exporters"), "prometheus"));
        Set<String> ofTempo = ports(yaml(STACK.resolve("tempo.yaml")).toString());
        Set<String> seen = new TreeSet<>();
        String everything = COMPOSE + " " + text(STACK.resolve("prometheus.yaml")) + " "
                + text(STACK.resolve("grafana/provisioning/datasources/poolscope.yaml"));
        ADDRESS.matcher(everything).results().forEach(address -> {
            String host = address.group(1);
            if (host.equals("localhost")) {
                return; // in a health check: the service itself
            }
            seen.add(host);
            assertThat(SERVICES).as(address.group()).containsKey(host);
            Set<String> listens =
                    host.startsWith("collector") ? ofCollector : host.equals("tempo") ? ofTempo : LISTENS.get(host);
            assertThat(listens).as(address.group()).contains(address.group(2));
        });

        assertThat(seen)
                .containsExactly("collector", "collector-elastic", "elasticsearch", "kibana", "prometheus", "tempo");
    }

    private static Set<String> ports(String text) {
        return Pattern.compile("\\b\\d{4,5}\\b")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void pipelinesAreMadeOfWhatIsDefinedAndAllOfItIsUsed() {
        for (Map<String, Object> collector : List.of(collector("collector.yaml"), both())) {
            Map<String, Object> pipelines = object(object(collector, "service"), "pipelines");
            for (String kind : List.of("receivers", "processors", "exporters")) {
                Set<String> used = new TreeSet<>();
                pipelines
                        .values()
                        .forEach(
                                pipeline -> used.addAll(strings(object(pipeline).get(kind))));
                assertThat(used).as(kind).isEqualTo(object(collector, kind).keySet());
            }
        }
    }

    /** Elasticsearch sums up deltas, Prometheus wants what it had come to: one of them would show nonsense. */
    @Test
    void eachReceiverGetsTheTemporalityThatItWants() {
        object(object(both(), "service"), "pipelines").forEach((name, pipeline) -> {
            List<String> processors = strings(object(pipeline).get("processors"));
            boolean isForElasticsearch =
                    strings(object(pipeline).get("exporters")).contains("elasticsearch");

            assertThat(processors.contains("cumulativetodelta"))
                    .as(name)
                    .isEqualTo(isForElasticsearch && name.startsWith("metrics"));
            assertThat(processors).as(name).endsWith("batch");
        });
        assertThat(object(object(object(both(), "exporters"), "elasticsearch"), "mapping"))
                .containsEntry("mode", "otel");
        assertThat(strings(SERVICES.values()).toString()).doesNotContain("temporality");
    }

    /** The stack sets what the Collector's configurations leave to the environment. */
    @Test
    void theEnvironmentOfACollectorIsWhole() {
        Map.of(
                        "collector",
                        List.of("collector.yaml"),
                        "collector-elastic",
                        List.of("collector.yaml", "elasticsearch.yaml"))
                .forEach((service, files) -> {
                    Set<String> asked = new TreeSet<>();
                    for (String file : files) {
                        Pattern.compile("(?m)^[^#\n]*\\$\\{env:(\\w+)")
                                .matcher(text(Path.of("collector", file)))
                                .results()
                                .forEach(variable -> asked.add(variable.group(1)));
                    }
                    assertThat(object(object(SERVICES, service), "environment").keySet())
                            .isEqualTo(asked);
                });
    }

    private static Map<String, Object> collector(String file) {
        return yaml(Path.of("collector", file));
    }

    /** As the Collector merges two files. */
    private static Map<String, Object> both() {
        return merged(collector("collector.yaml"), collector("elasticsearch.yaml"));
    }

    private static Map<String, Object> merged(Map<String, Object> one, Map<String, Object> other) {
        Map<String, Object> merged = new TreeMap<>(one);
        other.forEach((key, value) -> merged.merge(
                key, value, (here, there) -> here instanceof Map ? merged(object(here), object(there)) : there));
        return merged;
    }

    private static Map<String, Object> yaml(Path file) {
        return object(new Yaml().load(text(file)));
    }

    private static String text(Path file) {
        return Committed.text(file.toString());
    }

    private static Map<String, Object> object(Map<String, Object> of, String key) {
        return object(of.get(key));
    }

    @SuppressWarnings("unchecked") // keys of YAML are strings in all of these files
    private static Map<String, Object> object(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }

    private static List<String> strings(Object value) {
        return value == null
                ? List.of()
                : ((Collection<?>) value).stream().map(String::valueOf).toList();
    }
}

package io.poolscope.containers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.MountableFile;

/** OpenTelemetry's Collector with the configuration that is shipped. */
final class Collector implements AutoCloseable {
    private static final int OTLP = 4318;
    private static final int METRICS = 9464;
    private static final String HOME = "/etc/collector/";

    private final GenericContainer<?> container;

    private Collector(GenericContainer<?> container) {
        this.container = container;
    }

    static Collector start() {
        GenericContainer<?> container = Image.COLLECTOR
                .container()
                .withCopyFileToContainer(MountableFile.forHostPath("../../dashboards/collector", 0755), HOME)
                .withEnv("COLLECTOR_HOST", "0.0.0.0")
                .withCommand("--config", HOME + "collector.yaml")
                .withExposedPorts(OTLP, METRICS)
                .waitingFor(Wait.forLogMessage(".*Everything is ready.*", 1));
        container.start();
        return new Collector(container);
    }

    /** Where it takes OTLP over HTTP. */
    String otlp() {
        return "http://" + container.getHost() + ":" + container.getMappedPort(OTLP);
    }

    /** Where Prometheus scrapes it. */
    String metrics() {
        return container.getHost() + ":" + container.getMappedPort(METRICS);
    }

    String log() {
        return container.getLogs();
    }

    /** What it says against these of its configurations together: nothing, if they are right. */
    String validate(String... configurations) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/otelcol-contrib", "validate"));
        for (String configuration : configurations) {
            command.addAll(List.of("--config", HOME + configuration));
        }
        ExecResult result = container.execInContainer(command.toArray(new String[0]));
        return result.getExitCode() == 0 ? "" : result.getStdout() + result.getStderr();
    }

    @Override
    public void close() {
        container.stop();
    }
}

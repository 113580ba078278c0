package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.poolscope.engine.report.Report;
import io.poolscope.engine.start.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Receivers that are down, silent, or come back. */
@ExtendWith(OtelProperties.class)
class DeliveryTest {

    private final Shop shop = new Shop();
    private final Said said = new Said();
    private Telemetry telemetry;

    @BeforeEach
    void hurry() {
        OtelProperties.set("otel.metric.export.interval", "20");
        OtelProperties.set("otel.blrp.schedule.delay", "20");
        OtelProperties.set("otel.java.exporter.otlp.retry.disabled", "true");
        shop.pool("delivery", Shop.client("delivery"), "stock", 8080);
    }

    @AfterEach
    void close() {
        telemetry.close(2_000);
    }

    private void start() {
        telemetry = Telemetry.start(Settings.of("port=off", Map.of(), Map.of()), shop, "1.2.3", null, said);
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Report report() {
        return new Report(Names.EVENT_ADVICE, Report.Severity.INFO, 1, "ADVICE", List.of(), Map.of());
    }

    @Test
    void aReceiverThatIsDownIsOneWarningAndOneLineWhenItIsBack() throws Exception {
        int port = closedPort();
        OtelProperties.set("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + port);
        start();
        telemetry.report(report());
        await().until(() -> !said.lines.isEmpty());

        try (OtlpSink sink = new OtlpSink(port)) {
            await().until(() -> sink.exports().size() > 3);
            telemetry.report(report());
            await().until(() -> said.lines.size() > 1);
        }

        assertThat(said.lines).hasSize(2);
        assertThat(said.lines.get(0))
                .startsWith("WARN ")
                .contains(" do not arrive at http://127.0.0.1:" + port + ": ")
                .containsIgnoringCase("connect");
        assertThat(said.lines.get(1)).startsWith("INFO ").endsWith(" arrive again");
    }

    @Test
    void itIsOneWarningHoweverOftenItFails() throws Exception {
        try (OtlpSink sink = new OtlpSink()) {
            sink.status = 400;
            OtelProperties.set("otel.exporter.otlp.endpoint", sink.endpoint());
            start();
            await().until(() -> {
                telemetry.report(report());
                return sink.requests > 40;
            });

            assertThat(said.lines)
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains(sink.endpoint())
                    .contains("HTTP status 400");
        }
    }

    @Test
    void aReceiverThatFlickersIsNotToldOfEachTime() throws Exception {
        try (OtlpSink sink = new OtlpSink()) {
            OtelProperties.set("otel.exporter.otlp.endpoint", sink.endpoint());
            OtelProperties.set("otel.traces.exporter", "none");
            OtelProperties.set("otel.logs.exporter", "none");
            start();
            for (int i = 0; i < 5; i++) {
                sink.status = 400;
                int before = sink.requests;
                await().until(() -> sink.requests > before + 2);
                sink.status = 200;
                int after = sink.requests;
                await().until(() -> sink.requests > after + 2);
            }

            assertThat(said.lines).hasSize(2);
        }
    }

    @Test
    void aSilentReceiverDoesNotHoldUpTheEnd() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            OtelProperties.set("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + silent.getLocalPort());
            OtelProperties.set("otel.metric.export.interval", "3600000");
            start();
            telemetry.report(report());

            long begin = System.nanoTime();
            telemetry.close(1_000);

            // The SDK alone takes more than ten seconds.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void aConfigurationThatIsNotUnderstoodIsOneLineAndTheMetricsAreServed() throws Exception {
        OtelProperties.set("otel.exporter.otlp.endpoint", "http://127.0.0.1:4318");
        OtelProperties.set("otel.exporter.otlp.protocol", "carrier-pigeon");
        telemetry = Telemetry.start(Settings.of("port=0", Map.of(), Map.of()), shop, "1.2.3", null, said);

        assertThat(Scrape.of(telemetry.address()).value("poolscope_lease_active"))
                .isZero();
        assertThat(said.lines)
                .singleElement()
                .asString()
                .startsWith("ERROR nothing is sent by OTLP")
                .contains("carrier-pigeon");
    }

    @Test
    void aConfigurationFileForAnotherAgentIsOneLineAndTheMetricsAreServed() throws Exception {
        OtelProperties.set("otel.config.file", "/no/such/file.yaml");
        telemetry = Telemetry.start(Settings.of("port=0", Map.of(), Map.of()), shop, "1.2.3", null, said);

        assertThat(Scrape.of(telemetry.address()).value("poolscope_lease_active"))
                .isZero();
        assertThat(said.lines).singleElement().asString().startsWith("ERROR nothing is sent by OTLP");
    }
}

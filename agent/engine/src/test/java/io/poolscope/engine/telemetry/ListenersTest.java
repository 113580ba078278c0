package io.poolscope.engine.telemetry;

import static io.poolscope.engine.http.Asking.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.http.Answer;
import io.poolscope.engine.http.Handler;
import io.poolscope.engine.start.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ports: which, what is answered there, and what is said when one is taken. */
@ExtendWith(OtelProperties.class)
class ListenersTest {

    private final Said said = new Said();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private Telemetry start(String arguments) {
        return start(arguments, null);
    }

    private Telemetry start(String arguments, Handler page) {
        Telemetry telemetry =
                Telemetry.start(Settings.of(arguments, Map.of(), Map.of()), new Shop(), "1.2.3", page, said);
        open.add(() -> telemetry.close(2_000));
        return telemetry;
    }

    private ServerSocket taken(int port) throws IOException {
        ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
        open.add(socket);
        return socket;
    }

    private static int port(Telemetry telemetry) {
        return URI.create(telemetry.address()).getPort();
    }

    @Test
    void theDefaultPortGivesWayToTheNextFreeOne() throws Exception {
        boolean free = false;
        try {
            taken(7665);
            free = true;
        } catch (IOException anotherProcessHasIt) {
            // Then it is taken as well.
        }

        Telemetry telemetry = start("");

        assertThat(port(telemetry)).as("free: " + free).isBetween(7666, 7674);
        assertThat(telemetry.address()).isEqualTo("http://127.0.0.1:" + port(telemetry) + "/");
        assertThat(said.lines).isEmpty();
    }

    @Test
    void aPortThatWasSetAndIsTakenIsOneErrorAndNoWalk() throws Exception {
        int port = taken(0).getLocalPort();

        Telemetry telemetry = start("port=" + port);

        assertThat(telemetry.address()).isNull();
        assertThat(said.lines)
                .singleElement()
                .asString()
                .startsWith("ERROR 127.0.0.1:" + port + " (poolscope.port) cannot be had")
                .contains("in use");
    }

    @Test
    void metricsGoOnByTheOtherWaysWhenThePortIsTaken() throws Exception {
        int port = taken(0).getLocalPort();
        OtlpSink sink = new OtlpSink();
        open.add(sink);
        OtelProperties.sendTo(sink);

        start("port=" + port).close(10_000);

        assertThat(sink.exports()).hasSize(1);
    }

    @Test
    void anAddressThatIsNoneOfThisMachineIsOneLine() {
        Telemetry telemetry = start("host=192.0.2.1;port=7665");

        assertThat(telemetry.address()).isNull();
        assertThat(said.lines).singleElement().asString().startsWith("ERROR 192.0.2.1:7665");
    }

    @Test
    void aHostThatDoesNotExistIsOneLine() {
        Telemetry telemetry = start("host=no.such.host.invalid");

        assertThat(telemetry.address()).isNull();
        assertThat(said.lines).singleElement().asString().contains("no.such.host.invalid:7665");
    }

    @Test
    void offMeansNoPort() {
        assertThat(start("port=off").address()).isNull();
        assertThat(said.lines).isEmpty();
    }

    @Test
    void thePrometheusExporterOfTheSpecificationHasAPortOfItsOwn() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        OtelProperties.set("otel.metrics.exporter", "prometheus");
        OtelProperties.set("otel.traces.exporter", "none");
        OtelProperties.set("otel.logs.exporter", "none");
        OtelProperties.set("otel.exporter.prometheus.host", "127.0.0.1");
        OtelProperties.set("otel.exporter.prometheus.port", Integer.toString(port));

        start("port=off");

        Scrape scrape = Scrape.of("http://127.0.0.1:" + port + "/");
        assertThat(scrape.value("poolscope_pool_count", "otel_scope_name=io.poolscope"))
                .isZero();
        assertThat(ask(port, "GET /", "Host: 127.0.0.1")).startsWith("HTTP/1.1 404");
        assertThat(said.lines).isEmpty();
    }

    @Test
    void itsPortMayBeTakenAndAllElseGoesOn() throws Exception {
        OtelProperties.set("otel.metrics.exporter", "prometheus");
        OtelProperties.set("otel.traces.exporter", "none");
        OtelProperties.set("otel.logs.exporter", "none");
        OtelProperties.set("otel.exporter.prometheus.host", "127.0.0.1");
        OtelProperties.set("otel.exporter.prometheus.port", Integer.toString(taken(0).getLocalPort()));

        Telemetry telemetry = start("port=0");

        assertThat(Scrape.of(telemetry.address()).value("poolscope_pool_count")).isZero();
        assertThat(said.lines)
                .singleElement()
                .asString()
                .startsWith("ERROR 127.0.0.1:")
                .contains("cannot be had");
    }

    @Test
    void withoutOtelVariablesTheApplicationKeeps9464() throws Exception {
        start("port=0");

        taken(9464);
    }

    @Test
    void aRequestUnderAnotherNameIsRefused() throws Exception {
        int port = port(start("port=0"));

        assertThat(ask(port, "GET /metrics", "Host: evil.example:" + port)).startsWith("HTTP/1.1 403");
        assertThat(ask(port, "GET /", "Host: evil.example")).startsWith("HTTP/1.1 403");
        assertThat(ask(port, "GET /metrics", "Host: 127.0.0.1.evil.example")).startsWith("HTTP/1.1 403");
        for (String name : List.of("localhost", "LOCALHOST:" + port, "127.0.0.1:" + port, "[::1]:" + port)) {
            assertThat(ask(port, "GET /metrics", "Host: " + name)).as(name).startsWith("HTTP/1.1 200");
        }
        assertThat(ask(port, "GET /metrics", "Host: host.docker.internal")).startsWith("HTTP/1.1 200");
    }

    @Test
    void openedToTheNetworkThereAreOnlyMetrics() throws Exception {
        int port = port(start("host=0.0.0.0;port=0"));

        assertThat(ask(port, "GET /metrics", "Host: pod-17.shop.example")).startsWith("HTTP/1.1 200");
        assertThat(ask(port, "GET /", "Host: pod-17.shop.example")).startsWith("HTTP/1.1 404");
    }

    @Test
    void onlyGetAndHeadAreAnswered() throws Exception {
        int port = port(start("port=0"));

        assertThat(ask(port, "POST /metrics", "Host: localhost", "Content-Length: 0"))
                .startsWith("HTTP/1.1 405")
                .contains("Allow: GET, HEAD");
        assertThat(ask(port, "DELETE /metrics", "Host: localhost")).startsWith("HTTP/1.1 405");
        String head = ask(port, "HEAD /metrics", "Host: localhost");
        assertThat(head)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-length")
                .doesNotContain("poolscope_");
    }

    @Test
    void openedToTheNetworkThePageWantsItsToken() throws Exception {
        int port = port(
                start("host=0.0.0.0;port=0;page.token=0123456789abcdef", (path, header) -> Answer.text(200, "page")));

        assertThat(ask(port, "GET /metrics", "Host: pod-17.shop.example")).startsWith("HTTP/1.1 200");
        assertThat(ask(port, "GET /", "Host: pod-17.shop.example"))
                .startsWith("HTTP/1.1 401")
                .contains("\nWWW-Authenticate: Basic realm=\"Poolscope\"");
        assertThat(ask(port, "GET /", "Host: pod-17.shop.example", "Authorization: Bearer 0123456789abcdef"))
                .startsWith("HTTP/1.1 200")
                .endsWith("page");
    }

    @Test
    void withoutAPageTheRootPointsToTheMetrics() throws Exception {
        int port = port(start("port=0"));

        assertThat(ask(port, "GET /", "Host: localhost"))
                .startsWith("HTTP/1.1 200")
                .contains("/metrics");
        assertThat(ask(port, "GET /metrics/more", "Host: localhost")).startsWith("HTTP/1.1 404");
    }

    @Test
    void whoAcceptsGzipGetsIt() throws Exception {
        int port = port(start("port=0"));

        assertThat(ask(port, "GET /metrics", "Host: localhost", "Accept-Encoding: gzip"))
                .containsIgnoringCase("Content-Encoding: gzip")
                .doesNotContain("poolscope_pool_count");
    }

    @Test
    void propertiesOfTheApplicationsOwnPrometheusLibraryAreNotOurs() throws Exception {
        System.setProperty("io.prometheus.no.such.thing", "1");
        try {
            assertThat(Scrape.of(start("port=0").address()).value("poolscope_pool_count"))
                    .isZero();
        } finally {
            System.clearProperty("io.prometheus.no.such.thing");
        }
    }
}

package io.poolscope.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.poolscope.testkit.otlp.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkTest {

    private Sink sink;

    @BeforeEach
    void open() throws IOException {
        sink = Sink.open();
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void countsTheSeriesOfItsOwnServerOnly() throws Exception {
        send(sum(Contract.GRANTED, 3, 1001, "true"), sum(Contract.GRANTED, 1, 1001, "false"));
        send(
                sum(Contract.GRANTED, 4, 1001, "true"),
                sum(Contract.GRANTED, 1, 1001, "false"),
                sum(Contract.GRANTED, 100, 1002, "true"));
        Seen seen = seen(1001);
        assertThat(seen.counted(Contract.GRANTED)).isEqualTo(5);
        assertThat(seen.counted(Contract.GRANTED, Contract.REUSED, "true")).isEqualTo(4);
        assertThat(seen.counted(Contract.GRANTED, Contract.REUSED, "false|other"))
                .isEqualTo(1);
        assertThat(seen.different(Contract.GRANTED, Contract.REUSED)).isEqualTo(2);
        assertThat(seen.counted(Contract.CLOSES)).isZero();
    }

    @Test
    void remembersACounterThatIsNotExportedAnyMoreAndForgetsAGauge() throws Exception {
        send(sum(Contract.GRANTED, 3, 1001, "true"), gauge(Contract.ACTIVE, 2, 1001));
        send(sum(Contract.GRANTED, 7, 1002, "true"));
        Seen seen = seen(1001);
        assertThat(seen.counted(Contract.GRANTED)).isEqualTo(3);
        assertThat(seen.standing(Contract.ACTIVE)).isZero();
        assertThat(sink.snapshot().exports()).isEqualTo(2);
    }

    @Test
    void readsCountAndSumOfAHistogram() throws Exception {
        send(Metric.newBuilder()
                .setName(Contract.WAIT_TIME)
                .setHistogram(Histogram.newBuilder()
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .addAttributes(port(1001))
                                .setCount(4)
                                .setSum(2.5)))
                .build());
        assertThat(seen(1001).recorded(Contract.WAIT_TIME)).isEqualTo(4);
        assertThat(seen(1001).total(Contract.WAIT_TIME)).isEqualTo(2.5);
    }

    @Test
    void takesLogRecordsByTheirEventName() throws Exception {
        ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
        logs.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecordsBuilder()
                .setEventName(Contract.LEAK_EVENT)
                .addAttributes(port(1001));
        post("/v1/logs", logs.build().toByteArray(), false);
        assertThat(seen(1001).events(Contract.LEAK_EVENT)).isEqualTo(1);
        assertThat(seen(1002).events(Contract.LEAK_EVENT)).isZero();
    }

    @Test
    void keepsTheBytesAndReadsThemZipped() throws Exception {
        byte[] bytes = request(sum(Contract.GRANTED, 3, 1001, "true")).toByteArray();
        post("/v1/metrics", bytes, true);
        assertThat(sink.bytes()).isEqualTo(bytes);
        assertThat(seen(1001).counted(Contract.GRANTED)).isEqualTo(3);
    }

    @Test
    void complainsOfWhatIsNotOtlp() throws Exception {
        post("/v1/metrics", "not protobuf".getBytes(java.nio.charset.StandardCharsets.UTF_8), false);
        assertThat(sink.complaints()).hasSize(1);
        assertThat(sink.snapshot().exports()).isZero();
    }

    @Test
    void findsAReportByThePortThatStandsInItsSecondLine() {
        List<String> stderr = List.of(
                "2026-11-22T14:05:52.113Z WARN [poolscope] LEAK a response was never closed: A.b(A.java:1), 1 in 60 s",
                "    at A.b(A.java:1)",
                "  pool  httpclient@A, http://127.0.0.1:1001: 1 of its 2 connections are gone for good",
                "2026-11-22T14:05:53.000Z INFO [poolscope] something else");
        Sink.Snapshot empty = sink.snapshot();
        View ours = new Seen(empty, empty, List.of(server(1001)), Map.of(), Map.of(), stderr);
        View others = new Seen(empty, empty, List.of(server(1002)), Map.of(), Map.of(), stderr);
        assertThat(ours.lines("LEAK")).isEqualTo(1);
        assertThat(others.lines("LEAK")).isZero();
        assertThat(ours.lines("EXHAUSTED")).isZero();
    }

    private Seen seen(int port) {
        Sink.Snapshot snapshot = sink.snapshot();
        return new Seen(snapshot, snapshot, List.of(server(port)), Map.of(), Map.of(), List.of());
    }

    private static Servers.Handle server(int port) {
        return new Servers.Handle() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public String url() {
                return "http://127.0.0.1:" + port;
            }

            @Override
            public int observed(String which) {
                return 0;
            }

            @Override
            public void close() {}
        };
    }

    private static Metric sum(String name, long value, int port, String reused) {
        return Metric.newBuilder()
                .setName(name)
                .setSum(Sum.newBuilder()
                        .addDataPoints(point(value, port).addAttributes(attribute(Contract.REUSED, reused))))
                .build();
    }

    private static Metric gauge(String name, long value, int port) {
        return Metric.newBuilder()
                .setName(name)
                .setGauge(Gauge.newBuilder().addDataPoints(point(value, port)))
                .build();
    }

    private static NumberDataPoint.Builder point(long value, int port) {
        return NumberDataPoint.newBuilder().setAsInt(value).addAttributes(port(port));
    }

    private static KeyValue port(int port) {
        return KeyValue.newBuilder()
                .setKey(Contract.PORT)
                .setValue(AnyValue.newBuilder().setIntValue(port))
                .build();
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ExportMetricsServiceRequest request(Metric... metrics) {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder().addScopeMetricsBuilder().addAllMetrics(List.of(metrics));
        return request.build();
    }

    private void send(Metric... metrics) throws Exception {
        post("/v1/metrics", request(metrics).toByteArray(), false);
    }

    private void post(String path, byte[] body, boolean zip) throws Exception {
        byte[] sent = body;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sink.endpoint() + path));
        if (zip) {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
                out.write(body);
            }
            sent = zipped.toByteArray();
            request.header("Content-Encoding", "gzip");
        }
        int status = HttpClient.newHttpClient()
                .send(request.POST(BodyPublishers.ofByteArray(sent)).build(), BodyHandlers.discarding())
                .statusCode();
        assertThat(status).isEqualTo(200);
    }
}

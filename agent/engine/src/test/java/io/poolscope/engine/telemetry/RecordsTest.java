package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.start.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Log records, read from the bytes. */
@ExtendWith(OtelProperties.class)
class RecordsTest {

    @Test
    void everyReportIsARecordOfTheSameFacts() throws Exception {
        try (OtlpSink sink = new OtlpSink()) {
            OtelProperties.sendTo(sink);
            Telemetry telemetry =
                    Telemetry.start(Settings.of("port=off", Map.of(), Map.of()), new Shop(), "1.2.3", null, new Said());
            telemetry.report(new Report(
                    Names.EVENT_LEAK,
                    Report.Severity.WARN,
                    1_700_000_000_123L,
                    "LEAK a response was never closed",
                    List.of("    at com.acme.Stock.level(Stock.java:88)"),
                    Map.of(
                            Names.CODE_FUNCTION,
                            "com.acme.Stock.level",
                            Names.CODE_LINE,
                            88L,
                            Names.SERVER_PORT,
                            8080,
                            "share",
                            0.66,
                            Names.CONNECTION_REUSED,
                            true)));
            telemetry.report(
                    new Report(Names.EVENT_EXHAUSTED, Report.Severity.ERROR, 1L, "EXHAUSTED", List.of(), Map.of()));
            telemetry.report(new Report(Names.EVENT_ADVICE, Report.Severity.INFO, 2L, "ADVICE", List.of(), Map.of()));
            telemetry.close(10_000);

            assertThat(sink.records()).hasSize(3);
            LogRecord leak = sink.records().get(0);
            assertThat(leak.getEventName()).isEqualTo("poolscope.leak");
            assertThat(leak.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
            assertThat(leak.getSeverityText()).isEqualTo("WARN");
            assertThat(leak.getTimeUnixNano()).isEqualTo(1_700_000_000_123_000_000L);
            assertThat(leak.getBody().getStringValue())
                    .isEqualTo("LEAK a response was never closed\n    at com.acme.Stock.level(Stock.java:88)");
            assertThat(OtlpSink.attributes(leak.getAttributesList()))
                    .isEqualTo(Map.of(
                            "code.function.name",
                            "com.acme.Stock.level",
                            "code.line.number",
                            88L,
                            "server.port",
                            8080L,
                            "share",
                            0.66,
                            "poolscope.connection.reused",
                            true));
            assertThat(leak.getTraceId()).isEmpty();
            assertThat(sink.records().get(1).getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_ERROR);
            assertThat(sink.records().get(2).getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_INFO);
        }
    }
}

package io.poolscope.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.report.Report.Severity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    /** 2026-11-22T14:05:52.113Z */
    private static final long AT = 1_795_356_352_113L;

    private static Report report(String headline, List<String> details, Map<String, Object> attributes) {
        return new Report("poolscope.leak", Severity.WARN, AT, headline, details, attributes);
    }

    @Test
    void theFirstLineIsCompleteByItselfAndTheOthersAreIndented() {
        assertThat(Console.text(report(
                        "LEAK 3 in 60 s", List.of("  at com.acme.Stock.level(Stock.java:88)", "pool  x"), Map.of())))
                .isEqualTo("2026-11-22T14:05:52.113Z WARN [poolscope] LEAK 3 in 60 s\n"
                        + "    at com.acme.Stock.level(Stock.java:88)\n"
                        + "  pool  x\n");
    }

    @Test
    void aWholeReportIsOneWrite() {
        List<Integer> writes = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("byte by byte");
            }

            @Override
            public void write(byte[] bytes) {
                writes.add(bytes.length);
            }
        };

        Console.to(out, "text").write(report("x", List.of("a", "b"), Map.of()));

        assertThat(writes).hasSize(1);
    }

    @Test
    void aStderrThatIsClosedIsNobodysBusiness() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        };

        Console.to(closed, "text").write(report("x", List.of(), Map.of()));
    }

    @Test
    void nothingFromOutsideCanBreakALine() {
        String hostile =
                "com.acme.Gr\u00f6\u00dfe\n2026-11-22T14:05:52.113Z ERROR [poolscope] forged\r\u001b[31m\u2028";

        String text = Console.text(report(hostile, List.of("pool  " + hostile), Map.of()));

        assertThat(text).matches("[ -~\n]*");
        assertThat(text.lines().filter(line -> line.startsWith("2026"))).hasSize(1);
        assertThat(text).contains("com.acme.Gr\\u00f6\\u00dfe\\u000a2026");
    }

    @Test
    void whatIsTooLongGoesOnBelowAndFramesKeepTheirEnd() {
        String frame = "  at com.acme." + "very.".repeat(40) + "Stock.level(Stock.java:88)";
        String text =
                Console.text(report("x", List.of("pool  " + "word ".repeat(50), frame, "y".repeat(300)), Map.of()));

        assertThat(text.lines().skip(1))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
        assertThat(text)
                .contains("\n        word word")
                .contains("very.Stock.level(Stock.java:88)\n")
                .contains("    at ...")
                .contains("yyy...\n");
    }

    @Test
    void inJsonAReportIsOneObjectOnOneLine() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("code.function.name", "com.acme.Stock.level");
        attributes.put("server.port", 8080L);
        attributes.put("ratio", 0.5);
        attributes.put("nan", Double.NaN);
        attributes.put("yes", true);

        assertThat(Console.json(report("LEAK \"3\"", List.of("at x"), attributes)))
                .isEqualTo("{\"timestamp\":\"2026-11-22T14:05:52.113Z\",\"severity\":\"WARN\","
                        + "\"event.name\":\"poolscope.leak\",\"message\":\"LEAK \\\"3\\\"\","
                        + "\"code.function.name\":\"com.acme.Stock.level\",\"server.port\":8080,\"ratio\":0.5,"
                        + "\"nan\":\"NaN\",\"yes\":true}\n");
    }

    @Test
    void inJsonNothingFromOutsideCanLeaveItsString() {
        String json = Console.json(
                report("a\"b\\c\nd\u0000\u007f\u2028\ud83d\ude00</script>", List.of(), Map.of("k\"\n", "v\t")));

        assertThat(json)
                .contains("\"message\":\"a\\\"b\\\\c\\nd\\u0000\\u007f\\u2028\\ud83d\\ude00</script>\"")
                .contains("\"k\\\"\\n\":\"v\\u0009\"")
                .matches("[ -~]*\n");
    }

    @Test
    void offWritesNothing() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console.to(out, "text").write(report("x", List.of(), Map.of()));
        assertThat(out.size()).isPositive();

        Console.of("off").write(report("nobody should see this line", List.of(), Map.of()));
    }
}

package io.poolscope.engine.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.engine.report.Report.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PressTest {

    private static final long S = 1_000_000_000L;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Press press = new Press(Console.to(out, "text"), 10);
    private final List<Report> observed = new ArrayList<>();
    private final List<Report> noticed = new ArrayList<>();
    private final Observer observer = new Observer() {
        @Override
        public void report(Report report) {
            observed.add(report);
        }

        @Override
        public void notice(Report notice) {
            noticed.add(notice);
        }
    };

    private static Report report(Severity severity, String headline) {
        return new Report("poolscope.leak", severity, 0, headline, List.of(), Map.of());
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII)
                .lines()
                .map(line -> line.substring(line.indexOf("] ") + 2))
                .toList();
    }

    @Test
    void whatIsPublishedBeforeTheBannerComesAfterIt() {
        press.publish(report(Severity.WARN, "early"), S);
        press.notice(report(Severity.WARN, "line"));
        assertThat(lines()).isEmpty();

        press.open(observer, List.of(report(Severity.INFO, "banner")));

        assertThat(lines()).containsExactly("banner", "early", "line");
        assertThat(observed).extracting(Report::headline).containsExactly("early");
        assertThat(noticed).extracting(Report::headline).containsExactly("banner", "line");
    }

    @Test
    void pastTheLimitOfAMinuteReportsAreCountedAndNotObserved() {
        press.open(observer, List.of());
        for (int i = 0; i < 25; i++) {
            press.publish(report(Severity.ERROR, "e" + i), S + i);
        }
        assertThat(lines()).hasSize(10);
        press.tick(60 * S);
        assertThat(lines()).hasSize(10);

        press.tick(61 * S);

        assertThat(lines())
                .hasSize(11)
                .endsWith("15 more reports in the last minute were not written (poolscope.report.limit)");
        assertThat(observed).hasSize(10);
        assertThat(press.publish(report(Severity.ERROR, "new minute"), 62 * S)).isTrue();
    }

    @Test
    void informationLeavesRoomForWhatIsWorse() {
        press.open(observer, List.of());
        for (int i = 0; i < 20; i++) {
            press.publish(report(Severity.INFO, "i" + i), S);
        }
        assertThat(observed).hasSize(5);
        for (int i = 0; i < 20; i++) {
            press.publish(report(Severity.WARN, "w" + i), S);
        }
        assertThat(observed).hasSize(8);

        assertThat(press.publish(report(Severity.ERROR, "e"), S)).isTrue();
    }

    @Test
    void aRetractionComesHoweverMuchWasWritten() {
        press.open(observer, List.of());
        for (int i = 0; i < 20; i++) {
            press.publish(report(Severity.ERROR, "e" + i), S);
        }

        press.correct(report(Severity.INFO, "RETRACTED"));

        assertThat(lines()).endsWith("RETRACTED");
    }
}

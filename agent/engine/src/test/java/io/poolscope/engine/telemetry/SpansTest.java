package io.poolscope.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.poolscope.engine.start.Settings;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Spans, read from the bytes. */
@ExtendWith(OtelProperties.class)
class SpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-" + PARENT + "-00";

    private final Shop shop = new Shop();
    private final Said said = new Said();
    private OtlpSink sink;

    @BeforeEach
    void listen() throws Exception {
        sink = new OtlpSink();
        OtelProperties.sendTo(sink);
        Waits.events();
    }

    @AfterEach
    void close() {
        sink.close();
        assertThat(said.lines).isEmpty();
    }

    private Telemetry start(String arguments) {
        return Telemetry.start(Settings.of("port=off" + arguments, Map.of(), Map.of()), shop, "1.2.3", null, said);
    }

    private List<Span> spansOf(List<Event> events) {
        Telemetry telemetry = start("");
        events.forEach(telemetry::event);
        telemetry.close(10_000);
        return sink.spans();
    }

    /** Openings of connections are told as well, once a test has asked for them. */
    private static Event onlyWait() {
        return Waits.events().stream()
                .filter(event -> event.kind == Event.Kind.LONG_WAIT)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLongWaitInASampledTraceIsAChildWithItsTrueTimes() {
        Route route = shop.pool("child", Shop.client("child"), "stock", 8080);
        long before = WallClock.now();
        Lease lease = Waits.longWait(route, SAMPLED);
        long after = WallClock.now();

        List<Span> spans = spansOf(Waits.events());

        assertThat(spans).hasSize(1);
        Span span = spans.get(0);
        assertThat(span.getName()).isEqualTo("HTTP wait_for_connection stock:8080");
        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
        assertThat(Waits.hex(span.getTraceId())).isEqualTo(TRACE);
        assertThat(Waits.hex(span.getParentSpanId())).isEqualTo(PARENT);
        long slack = 20_000_000; // two clocks, read one after the other
        assertThat(span.getStartTimeUnixNano()).isBetween(before - slack, after);
        assertThat(span.getEndTimeUnixNano()).isBetween(before + Wait.LONG - slack, after + slack);
        assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(lease.waited());
        assertThat(OtlpSink.attributes(span.getAttributesList()))
                .isEqualTo(Map.of(
                        "poolscope.pool.name",
                        "child",
                        "poolscope.client",
                        "child",
                        "poolscope.wait.outcome",
                        "success",
                        "server.address",
                        "stock",
                        "server.port",
                        8080L));
        assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
    }

    @Test
    void aLongWaitInATraceThatIsNotSampledIsNoSpan() {
        Waits.longWait(shop.pool("unsampled", Shop.client("unsampled"), "stock", 8080), NOT_SAMPLED);

        assertThat(spansOf(Waits.events())).isEmpty();
    }

    @Test
    void thatHoldsWhateverTheSampler() {
        OtelProperties.set("otel.traces.sampler", "always_on");
        Waits.longWait(shop.pool("whatever", Shop.client("whatever"), "stock", 8080), NOT_SAMPLED);

        assertThat(spansOf(Waits.events())).isEmpty();
    }

    @Test
    void withoutATraceThereIsOneRootASecondForARoute() {
        Route first = shop.pool("first", Shop.client("root"), "a", 1);
        Route second = shop.pool("second", Shop.client("root"), "b", 2);
        for (int i = 0; i < 5; i++) {
            Wait.begin(first).ended(WaitOutcome.TIMEOUT);
        }
        Wait.begin(second).ended(WaitOutcome.FAILED);
        Wait.begin(second).ended(WaitOutcome.CANCELLED);

        List<Span> spans = spansOf(Waits.events());

        assertThat(spans)
                .extracting(Span::getName)
                .containsExactly("HTTP wait_for_connection a:1", "HTTP wait_for_connection b:2");
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getParentSpanId()).isEmpty();
            assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        });
        assertThat(OtlpSink.attributes(spans.get(0).getAttributesList()))
                .containsEntry("poolscope.wait.outcome", "timeout");
    }

    @Test
    void neverMoreThanFiftyASecondWhoeverAsksAndAPlaceForLeaks() {
        List<Event> events = new ArrayList<>();
        Route route = shop.pool("flood", Shop.client("flood"), "stock", 8080);
        Waits.longWait(route, SAMPLED);
        Event one = onlyWait();
        for (int i = 0; i < 400; i++) {
            events.add(one);
        }

        Telemetry telemetry = start("");
        events.forEach(telemetry::event);
        telemetry.leaked(Shop.lease(route), null, true);
        telemetry.close(10_000);

        // They come within one second, or within two on a slow machine.
        assertThat(sink.spans()).hasSizeBetween(41, 100);
        assertThat(sink.spans()).extracting(Span::getName).contains("HTTP response_leak stock:8080");
    }

    @Test
    void aLeakIsASpanFromItsGrantWithTheStackOfItsHandOut() {
        Route route = shop.pool("leak", Shop.client("leak"), "stock", 8080);
        Lease lease = Shop.lease(route);
        lease.requestSent(SAMPLED);
        StackTraceElement[] stack = {new StackTraceElement("com.acme.Stock", "level", "Stock.java", 88)};
        Telemetry telemetry = start("");
        telemetry.leaked(lease, stack, false);
        telemetry.leaked(lease, stack, true);
        telemetry.close(10_000);

        assertThat(sink.spans()).as("a suspicion is none").hasSize(1);
        Span span = sink.spans().get(0);
        assertThat(span.getName()).isEqualTo("HTTP response_leak stock:8080");
        assertThat(Waits.hex(span.getParentSpanId())).isEqualTo(PARENT);
        assertThat(OtlpSink.attributes(span.getAttributesList()))
                .containsEntry("code.stacktrace", "\tat com.acme.Stock.level(Stock.java:88)\n");
        assertThat(span.getStartTimeUnixNano()).isLessThan(span.getEndTimeUnixNano());
    }

    @Test
    void aLeakWithoutAStackIsASpanToo() {
        Lease lease = Shop.lease(shop.pool("bare", Shop.client("bare"), "stock", 8080));
        Telemetry telemetry = start("");
        telemetry.leaked(lease, null, true);
        telemetry.close(10_000);

        assertThat(sink.spans()).hasSize(1);
        assertThat(OtlpSink.attributes(sink.spans().get(0).getAttributesList())).doesNotContainKey("code.stacktrace");
    }

    @Test
    void anOpeningIsALinkedRootWhereAskedFor() {
        Event.wantOpenings();
        Route route = shop.pool("setup", Shop.client("setup"), "stock", 8080);
        io.poolscope.model.Connection connection = new io.poolscope.model.Connection(route);
        Lease lease = Shop.lease(route, connection);
        connection.opening();
        connection.opened();
        lease.requestSent(SAMPLED);
        List<Event> events = Waits.events();

        Telemetry asked = start(";spans=setup");
        events.forEach(asked::event);
        asked.close(10_000);

        assertThat(sink.spans()).hasSize(1);
        Span span = sink.spans().get(0);
        assertThat(span.getName()).isEqualTo("HTTP connection_setup stock:8080");
        assertThat(span.getParentSpanId()).isEmpty();
        assertThat(span.getLinksList()).hasSize(1);
        assertThat(Waits.hex(span.getLinks(0).getTraceId())).isEqualTo(TRACE);
    }

    @Test
    void spansThatAreNotWantedAreNotMade() {
        Route route = shop.pool("unwanted", Shop.client("unwanted"), "stock", 8080);
        Waits.longWait(route, SAMPLED);
        Lease lease = Shop.lease(route);
        Telemetry telemetry = start(";spans=off");
        Waits.events().forEach(telemetry::event);
        telemetry.leaked(lease, null, true);
        telemetry.close(10_000);

        assertThat(sink.spans()).isEmpty();
    }

    @Test
    void hostsThatAreNotToBeToldAreNotInSpans() {
        Route route = shop.pool("secret", Shop.client("secret"), "stock", 8080);
        shop.keepRoutes();
        Lease lease = Waits.longWait(route, SAMPLED);
        Telemetry telemetry = start("");
        Waits.events().forEach(telemetry::event);
        telemetry.leaked(lease, null, true);
        telemetry.close(10_000);

        assertThat(sink.spans())
                .extracting(Span::getName)
                .containsExactlyInAnyOrder("HTTP wait_for_connection", "HTTP response_leak");
        assertThat(sink.spans()).noneSatisfy(span -> assertThat(span.toString()).contains("stock"));
    }

    @Test
    void whatHappensBeforeTheSdkIsThereIsTold() {
        Route route = shop.pool("early", Shop.client("early"), "stock", 8080);
        Waits.longWait(route, SAMPLED);
        Event event = onlyWait();
        Telemetry telemetry = start("");
        telemetry.event(event); // at once: building the SDK takes longer than this
        telemetry.close(10_000);

        assertThat(sink.spans()).hasSize(1);
    }
}

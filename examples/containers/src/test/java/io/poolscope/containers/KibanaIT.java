package io.poolscope.containers;

import static com.acme.planted.Planted.CANCELLED;
import static com.acme.planted.Planted.DISCARDED;
import static com.acme.planted.Planted.DRAINED;
import static com.acme.planted.Planted.EVICTED;
import static com.acme.planted.Planted.FULL;
import static com.acme.planted.Planted.LEAKS;
import static com.acme.planted.Planted.ONE_ROUTE;
import static com.acme.planted.Planted.OTHER_ROUTE;
import static com.acme.planted.Planted.STREAMS;
import static com.acme.planted.Planted.SYNCHRONOUS;
import static com.acme.planted.Planted.TRACE;
import static com.acme.planted.Planted.TWO_ROUTES;
import static com.acme.planted.Planted.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.poolscope.containers.Kibana.Row;
import io.poolscope.containers.Kibana.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Kibana's dashboard on a real Elasticsearch, which holds what the demo and a program with everything planted in it really sent
 * over OTLP. No Kibana runs here: the aggregations are made from the saved objects, operation by operation, as Lens makes them.
 *
 * <p>The demo runs to its end, so that its servers' own counts can be believed; what is planted stands still.
 */
@Needs(Image.ELASTICSEARCH)
class KibanaIT {
    /** Until the pool of the warehouse is full, and then some. */
    private static final Duration OPEN = Duration.ofSeconds(40);

    /** Not in step with what the demo does three times a second, or it would be looked at in the same moment each time. */
    private static final int EXPORT_MILLIS = 1870;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SERVICE = "resource.attributes.service.name";
    private static final String POOL = "poolscope.pool.name";
    private static final String ROUTE = "attributes.server.address";

    /** Nothing when all is well. */
    private static final Set<String> RIGHTLY_ZERO = Set.of("Under _OTHER", "Errors of Poolscope's own");

    private static final Pattern SERVER =
            Pattern.compile("shop: +(\\w+) +([\\d,]+) requests on +([\\d,]+) connections");

    private static OtlpReceiver receiver;
    private static OtlpReceiver.Sent sent;
    private static Program planted;
    private static Program shop;
    private static Elasticsearch elasticsearch;
    private static Kibana kibana;
    private static Shown everything;
    private static Shown ofPlanted;
    private static Shown ofShop;

    @BeforeAll
    static void start() throws Exception {
        kibana = new Kibana("poolscope.ndjson");
        receiver = new OtlpReceiver();
        shop = Program.shopFor(OPEN, receiver.options("shop", EXPORT_MILLIS));
        planted = Program.planted(receiver.options("planted", EXPORT_MILLIS));
        elasticsearch = new Elasticsearch();
        for (String type : List.of("metrics", "logs", "traces")) {
            elasticsearch.template(type + "-otel@template", template(type));
        }
        shop.awaitEnd();
        await().atMost(PATIENCE).untilAsserted(KibanaIT::assertAllIsHere);
        sent = receiver.soFar();
        elasticsearch.bulk(documents().bulk());
        everything = new Shown(receiver.started(), Map.of());
        ofPlanted = everything.and(SERVICE, "planted");
        ofShop = everything.and(SERVICE, "shop");
    }

    /** Of what stands still: the last report is that of a pool from which nobody has got a connection for five seconds. */
    private static void assertAllIsHere() throws Exception {
        Received received = new Received(receiver.soFar(), "planted");
        assertThat(received.pools("poolscope.exhausted")).contains(pool("Full"), pool("Impatient"));
        assertThat(received.counted("poolscope.response.leaks")).containsEntry("", (double) LEAKS);
        assertThat(received.most("poolscope.response.suspected_leaks", "code.function.name"))
                .containsEntry(site("Full.hold"), (double) FULL)
                .containsKeys(site("Impatient.plant"), site("Streams.plant"));
        assertThat(received.counted("poolscope.lease.granted").get(""))
                .isEqualTo(planted.metrics().of("poolscope_lease_granted_total").sum());
    }

    private static Documents documents() {
        Documents documents = new Documents(
                receiver.started().toEpochMilli() * Duration.ofMillis(1).toNanos());
        sent.metrics().forEach(documents::metrics);
        sent.logs().forEach(documents::logs);
        sent.spans().forEach(documents::spans);
        return documents;
    }

    private static String template(String type) throws IOException {
        try (InputStream in = KibanaIT.class.getResourceAsStream("/otel/" + type + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try (Program first = planted;
                Program second = shop;
                Elasticsearch third = elasticsearch;
                OtlpReceiver fourth = receiver) {
            planted = null;
        }
    }

    @Test
    void everyNumberOfEveryPanelComesOfWhatHappened() throws Exception {
        Set<String> zero = new TreeSet<>();
        assertThat(kibana.panels()).hasSizeGreaterThan(30);
        for (LensPanel panel : kibana.panels()) {
            Map<String, Double> most = new HashMap<>();
            for (Row row : panel.rows(elasticsearch, everything)) {
                row.numbers().forEach((label, number) -> most.merge(label, number, Math::max));
            }
            for (String number : panel.numbers()) {
                assertThat(most).as("%s", panel).containsKey(number);
                if (most.get(number) <= 0) {
                    zero.add(number);
                }
            }
        }

        assertThat(zero).isEqualTo(new TreeSet<>(RIGHTLY_ZERO));
    }

    /** Also of those that are nothing, which a sum over no documents would be too. */
    @Test
    void everyMetricThatAPanelAsksForIsInSomeDocument() throws Exception {
        for (String metric : kibana.metrics()) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.putObject("query").putObject("exists").put("field", metric);
            assertThat(elasticsearch
                            .search("metrics-*", body)
                            .at("/hits/total/value")
                            .asLong())
                    .as(metric)
                    .isPositive();
        }
    }

    @Test
    void panelsShowWhatWasPlanted() throws Exception {
        assertThat(last("In use"))
                .isEqualTo(Map.of(
                        pool("Full"),
                        (double) FULL,
                        pool("Leaky"),
                        (double) LEAKS,
                        pool("Impatient"),
                        1.0,
                        okHttp("Streams"),
                        1.0,
                        okHttp("Synchronous"),
                        (double) SYNCHRONOUS,
                        pool("TwoRoutes"),
                        (double) OTHER_ROUTE));
        assertThat(last("Limit of a route in use"))
                .isEqualTo(Map.of(
                        pool("Full") + " localhost",
                        1.0,
                        pool("Leaky") + " localhost",
                        LEAKS / 10.0,
                        pool("Impatient") + " localhost",
                        1.0,
                        pool("TwoRoutes") + " localhost",
                        1.0 / ONE_ROUTE,
                        pool("TwoRoutes") + " 127.0.0.1",
                        1.0));
        assertThat(last("Limit of a pool in use"))
                .isEqualTo(Map.of(
                        pool("Full"),
                        1.0,
                        pool("Leaky"),
                        LEAKS / 10.0,
                        pool("Impatient"),
                        1.0,
                        pool("TwoRoutes"),
                        (1.0 + OTHER_ROUTE) / TWO_ROUTES));
        assertThat(last("Limit of the dispatcher in use"))
                .isEqualTo(Map.of(okHttp("Synchronous") + " localhost", (double) SYNCHRONOUS));
        assertThat(last("Waiting")).isEqualTo(Map.of(pool("Full"), (double) WAITING));
        assertThat(last("Connections that leaks hold")).isEqualTo(Map.of(pool("Leaky"), (double) LEAKS));
        assertThat(last("Held without being read"))
                .isEqualTo(Map.of(
                        site("Full.hold"), (double) FULL, site("Impatient.plant"), 1.0, site("Streams.plant"), 1.0));
        assertThat(last("Idle connections")).containsEntry(pool("Traced"), 1.0);

        assertThat(sums("Who loses responses")).isEqualTo(Map.of(site("Leaky.lose") + " localhost", (double) LEAKS));
        assertThat(sums("Leaks by method")).isEqualTo(Map.of(site("Leaky.lose"), (double) LEAKS));
        assertThat(sums("Undrained by method"))
                .isEqualTo(Map.of(
                        site("Undrained.discard"), (double) DISCARDED, site("Undrained.drain"), (double) DRAINED));
        assertThat(sums("Closes by reason")).containsEntry("idle_evicted", (double) EVICTED);
        assertThat(sums("Waits that ended otherwise")).isEqualTo(Map.of("cancelled", (double) CANCELLED));

        assertThat(number("Requests", ofPlanted))
                .isEqualTo(planted.metrics().of("poolscope_lease_granted_total").sum());
        assertThat(number("Leaked", ofPlanted)).isEqualTo(LEAKS);
        assertThat(number("Undrained", ofPlanted)).isEqualTo(DISCARDED + DRAINED);
        assertThat(number("Stale", ofPlanted)).isZero();
    }

    /** OkHttp reads on for 100 ms while it closes; a busy machine may take longer, and then that connection is thrown away too. */
    @Test
    void eachResponseThatWasNotDrainedCostItsConnectionOrTheTimeToReadIt() throws Exception {
        Map<String, Double> closed = sums("Who closes without reading to the end");
        String drain = site("Undrained.drain");
        double thrownAway = closed.getOrDefault(drain + " discarded", 0.0);

        assertThat(closed).containsEntry(site("Undrained.discard") + " discarded", (double) DISCARDED);
        assertThat(closed.getOrDefault(drain + " drained_on_close", 0.0)).isEqualTo(DRAINED - thrownAway);
        assertThat(sums("Closes by reason")).containsEntry("undrained", DISCARDED + thrownAway);
    }

    @Test
    void limitsAreThoseThatThePoolsWereBuiltWith() throws Exception {
        Map<String, Map<String, Double>> limits = new TreeMap<>();
        for (Row row : kibana.panel("Limits").rows(elasticsearch, ofPlanted)) {
            limits.put(row.values().get("Pool"), row.numbers());
        }

        assertThat(limits.get(pool("Leaky"))).isEqualTo(Map.of("Connections of the pool", 10.0, "of a route", 10.0));
        assertThat(limits.get(okHttp("Streams"))).containsEntry("Streams", (double) STREAMS);
        assertThat(limits.get(okHttp("Undrained")))
                .containsEntry("Idle connections", 5.0)
                .doesNotContainKeys("Connections of the pool", "of a route");
    }

    /** What every server of the demo counted itself, asked for by the filter for routes at the top of the dashboard. */
    @Test
    void requestsAndConnectionsAreThoseThatTheServersCounted() throws Exception {
        assertThat(kibana.controls())
                .isEqualTo(Map.of("Service", SERVICE, "Pool", "attributes." + POOL, "Route", ROUTE));
        Matcher server = SERVER.matcher(shop.out());
        int servers = 0;
        while (server.find()) {
            servers++;
            Shown ofServer = ofShop.and(ROUTE, server.group(1));
            double dead = number("Stale", ofServer); // these did not come through
            assertThat(number("Requests", ofServer)).as(server.group()).isEqualTo(count(server.group(2)) + dead);
            double opened = sums("New connections in a second", ofServer).values().stream()
                    .mapToDouble(perSecond -> perSecond * LensPanel.INTERVAL.toSeconds())
                    .sum();
            assertThat(opened).as(server.group()).isCloseTo(count(server.group(3)), within(1e-6));
            if (!server.group(1).equals("carrier")) {
                assertThat(dead).as(server.group()).isZero();
            }
        }
        assertThat(servers).isEqualTo(7);
    }

    private static long count(String written) {
        return Long.parseLong(written.replace(",", ""));
    }

    /** Its bugs, by what its own log says of them. */
    @Test
    void theBugsOfTheDemoAreShown() throws Exception {
        Matcher bookings = find("bookings (\\d+) done, (\\d+) failed", shop.out());
        assertThat(sums("Who meets dead connections", ofShop))
                .isEqualTo(Map.of("httpclient@com.acme.shop.Shipping carrier", (double) count(bookings.group(2))));
        assertThat(sums("Dead connections, by how they were noticed", ofShop))
                .isEqualTo(Map.of("stale", (double) count(bookings.group(2))));
        Matcher search = find("search +([\\d,]+) requests", shop.out());
        assertThat(sums("Who closes without reading to the end", ofShop))
                .isEqualTo(Map.of("com.acme.shop.Indexer.flush discarded", (double) count(search.group(1))));
        assertThat(sums("Who loses responses", ofShop).keySet())
                .contains("com.acme.shop.Catalogue.isListed catalogue", "com.acme.shop.Stock.level warehouse");

        assertThat(shown("In use", ofShop)).containsEntry("httpclient@com.acme.shop.Stock", 20.0);
        assertThat(shown("Limit of a route in use", ofShop))
                .containsEntry("httpclient@com.acme.shop.Stock warehouse", 1.0);
        String recommendations = "okhttp@com.acme.shop.Recommendations";
        Received received = new Received(sent, "shop");
        double inUse = received.most("poolscope.lease.active", POOL).get(recommendations);
        double limit = received.most("poolscope.route.request.limit", POOL).get(recommendations);
        assertThat(limit).isEqualTo(4);
        assertThat(shown("Limit of the dispatcher in use", ofShop))
                .isEqualTo(Map.of(recommendations + " recommender", inUse / limit));
        assertThat(shown("Reuse by pool", ofShop)).doesNotContainKey("httpclient@com.acme.shop.Indexer");

        Matcher last = find("to mend: ([\\w.:, ]+)", shop.err());
        Set<String> lines = new TreeSet<>();
        for (Row row : kibana.panel("Lines to mend").rows(elasticsearch, ofShop)) {
            if (row.values().get("Event").equals("poolscope.leak")) {
                lines.add(row.values().get("File") + ":" + row.values().get("Line"));
            }
        }
        assertThat(lines).isEqualTo(new TreeSet<>(List.of(last.group(1).split(", "))));
        assertThat(kibana.panel("Why pools were exhausted").rows(elasticsearch, ofShop))
                .singleElement()
                .satisfies(row -> assertThat(row.values())
                        .isEqualTo(Map.of("Pool", "httpclient@com.acme.shop.Stock", "Cause", "leak")));
    }

    private static Matcher find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher;
    }

    /** The sums of what was added are what the counters had come to. */
    @Test
    void countsAreThoseThatWereSent() throws Exception {
        for (String service : List.of("planted", "shop")) {
            Received received = new Received(sent, service);
            Shown shown = everything.and(SERVICE, service);

            assertThat(sums("Closes by reason", shown))
                    .isEqualTo(received.counted("poolscope.connection.closes", "poolscope.close.reason"));
            assertThat(sums("Who loses responses", shown))
                    .isEqualTo(received.counted("poolscope.response.leaks", "code.function.name", "server.address"));
            assertThat(sums("Waits that ended otherwise", shown))
                    .isEqualTo(received.counted("poolscope.lease.abandoned", "poolscope.wait.outcome"));
            assertThat(sums("Who closes without reading to the end", shown))
                    .isEqualTo(received.counted(
                            "poolscope.response.undrained", "code.function.name", "poolscope.undrained.outcome"));
            double granted = received.counted("poolscope.lease.granted").get("");
            assertThat(number("Requests", shown)).isEqualTo(granted);
            double reused = received.counted("poolscope.lease.granted", "poolscope.connection.reused")
                    .get("true");
            assertThat(number("Reuse", shown)).isCloseTo(reused / granted, within(1e-9));
        }
    }

    /** The most at once of what goes up and down, and the greatest ages. */
    @Test
    void valuesOfTheMomentAreThoseThatWereSent() throws Exception {
        for (String service : List.of("planted", "shop")) {
            Received received = new Received(sent, service);
            Shown shown = everything.and(SERVICE, service);

            assertMost("In use", shown, received.most("poolscope.lease.active", POOL));
            assertMost("Waiting", shown, received.most("poolscope.lease.pending", POOL));
            assertMost("Oldest wait, seconds", shown, received.most("poolscope.wait.oldest_age", POOL));
            assertThat(number("Longest wait", shown))
                    .isEqualTo(Collections.max(
                            received.most("poolscope.wait.oldest_age", POOL).values()));
            assertMost("Oldest lease, seconds", shown, received.most("poolscope.lease.oldest_age", POOL));
            assertMost(
                    "Idle connections",
                    shown,
                    received.most("http.client.open_connections", POOL, "http.connection.state", "idle"));
            assertMost("Connections that leaks hold", shown, received.most("poolscope.connection.leaked", POOL));
            assertMost(
                    "Held without being read",
                    shown,
                    received.most("poolscope.response.suspected_leaks", "code.function.name"));
        }
    }

    private static void assertMost(String panel, Shown shown, Map<String, Double> sent) throws Exception {
        assertThat(shown(panel, shown)).as(panel).isEqualTo(sent);
    }

    @Test
    void reportsAndSpansAreThoseThatWereSent() throws Exception {
        for (String service : List.of("planted", "shop")) {
            Received received = new Received(sent, service);
            Shown shown = everything.and(SERVICE, service);

            assertThat(whole(sums("Reports by event", shown))).isEqualTo(received.events());
            assertThat(whole(counts("Spans", "Spans", shown))).isEqualTo(received.spans());
        }
        assertThat(counts("Why pools were exhausted", "Waiting", ofPlanted))
                .containsEntry("leak " + pool("Full"), (double) WAITING);
    }

    private static Map<String, Long> whole(Map<String, Double> numbers) {
        return numbers.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, number -> number.getValue().longValue()));
    }

    @Test
    void searchesFindTheReportsWithTheirLinesAndTheSpansWithTheirTraces() throws Exception {
        List<JsonNode> reports = kibana.found("poolscope-reports", elasticsearch, everything);
        List<JsonNode> spans = kibana.found("poolscope-spans", elasticsearch, everything);

        assertThat(filled(reports)).isEqualTo(kibana.columns("poolscope-reports"));
        assertThat(filled(spans)).isEqualTo(kibana.columns("poolscope-spans"));
        Matcher told =
                find("LEAK a response was never closed: Planted\\$Leaky.lose\\(Planted.java:(\\d+)\\)", planted.err());
        assertThat(reports)
                .filteredOn(report -> report.at("/event_name/0").asText().equals("poolscope.leak"))
                .anySatisfy(report -> {
                    assertThat(report.path("attributes.code.function.name")
                                    .path(0)
                                    .asText())
                            .isEqualTo(site("Leaky.lose"));
                    assertThat(report.path("attributes.code.line.number")
                                    .path(0)
                                    .asText())
                            .isEqualTo(told.group(1));
                    assertThat(report.path("body.text").path(0).asText()).contains("never closed");
                });
        assertThat(spans)
                .filteredOn(span -> span.at("/trace_id/0").asText().equals(TRACE))
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.at("/name/0").asText()).startsWith("HTTP wait_for_connection localhost:");
                    assertThat(Duration.ofNanos(span.at("/duration/0").asLong()))
                            .isBetween(Duration.ofMillis(150), Duration.ofSeconds(5));
                });
    }

    private static Set<String> filled(List<JsonNode> documents) {
        Set<String> filled = new TreeSet<>();
        documents.forEach(document -> document.fieldNames().forEachRemaining(filled::add));
        return filled;
    }

    @Test
    void whatIsWatchedIsNamed() throws Exception {
        Set<Map<String, String>> libraries = kibana.panel("Libraries").rows(elasticsearch, ofShop).stream()
                .map(Row::values)
                .collect(Collectors.toSet());

        assertThat(libraries)
                .isEqualTo(Set.of(on("apache-httpclient-4", "httpclient", "4.5.14"), on("okhttp", "okhttp", "4.12.0")));
    }

    private static Map<String, String> on(String client, String library, String version) {
        return Map.of("Client", client, "Library", library, "Version", version, "State", "on");
    }

    private static double number(String panel, Shown shown) throws Exception {
        return kibana.panel(panel).number(elasticsearch, shown);
    }

    private static Map<String, Double> sums(String panel) throws Exception {
        return sums(panel, ofPlanted);
    }

    private static Map<String, Double> sums(String panel, Shown shown) throws Exception {
        return kibana.panel(panel).by(elasticsearch, shown, Double::sum);
    }

    private static Map<String, Double> last(String panel) throws Exception {
        return kibana.panel(panel).by(elasticsearch, ofPlanted, (before, now) -> now);
    }

    /** The most that a panel ever shows. */
    private static Map<String, Double> shown(String panel, Shown shown) throws Exception {
        return kibana.panel(panel).by(elasticsearch, shown, Math::max);
    }

    /** One of the numbers of a table. */
    private static Map<String, Double> counts(String panel, String number, Shown shown) throws Exception {
        Map<String, Double> counts = new TreeMap<>();
        for (Row row : kibana.panel(panel).rows(elasticsearch, shown)) {
            counts.put(String.join(" ", row.values().values()), row.numbers().getOrDefault(number, 0.0));
        }
        return counts;
    }

    private static String pool(String name) {
        return "httpclient@" + site(name);
    }

    private static String okHttp(String name) {
        return "okhttp@" + site(name);
    }

    private static String site(String name) {
        return "com.acme.planted.Planted$" + name;
    }
}

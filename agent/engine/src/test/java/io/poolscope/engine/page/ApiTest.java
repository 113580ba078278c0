package io.poolscope.engine.page;

import static io.poolscope.engine.page.Scene.S;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.acme.shop.Checkout;
import com.acme.shop.Stock;
import com.fasterxml.jackson.databind.JsonNode;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.engine.telemetry.Names.Kind;
import io.poolscope.engine.telemetry.Names.Metric;
import io.poolscope.engine.telemetry.Scrape;
import io.poolscope.model.Client;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Connection;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import io.poolscope.model.Undrained;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.io.ByteArrayInputStream;
import java.lang.ref.Reference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The JSON: that it says what the metrics say, that it tells no more than it may, and what it costs. */
class ApiTest {

    private static final long MS = 1_000_000L;

    /** Attributes by which the parts of a metric are told apart, and which of their values have other names in the JSON. */
    private static final Map<Metric, String> PARTS = Map.of(
            Metric.OPEN_CONNECTIONS, Names.CONNECTION_STATE,
            Metric.LEASE_GRANTED, Names.CONNECTION_REUSED,
            Metric.LEASE_ABANDONED, Names.WAIT_OUTCOME,
            Metric.CONNECTION_CLOSES, Names.CLOSE_REASON,
            Metric.LEASE_WAIT_TIME, Names.WAIT_OUTCOME);

    private static final Map<String, String> VALUES = Map.of("new", "false", "reused", "true");

    private static void busy(Route route, Route other) {
        Connection reused = new Connection(route);
        reused.opening();
        reused.opened();
        for (int i = 0; i < 7; i++) {
            Lease lease = Wait.begin(route).granted(reused);
            lease.requestSent(null);
            lease.responseStarted();
            lease.bodyEnded();
            lease.end();
        }
        for (CloseReason reason : CloseReason.values()) {
            for (int i = 0; i <= reason.ordinal(); i++) {
                Connection closed = new Connection(other);
                closed.opened();
                closed.closed(reason);
            }
        }
        Wait.begin(other).ended(WaitOutcome.CANCELLED);
        Wait.begin(other).ended(WaitOutcome.FAILED);
        Wait.begin(other).ended(WaitOutcome.TIMEOUT);
        for (int i = 1; i < 200; i++) {
            route.record(Timing.WAIT_SUCCESS, i * MS);
            route.record(Timing.RESPONSE, 3 * i * MS);
        }
    }

    @Test
    void theStatusSaysWhatTheMetricsSay() throws Exception {
        try (Scene scene = new Scene("")) {
            Stock bounded = Stock.open(scene.httpclient, 20);
            Stock unbounded = Stock.open(scene.okhttp, 0);
            unbounded.route().pool().dispatcherLimits(64, 5);
            unbounded.route().protocol("2");
            unbounded.route().streamLimit(100);
            Route other = bounded.route("other", 8081);
            other.limit(5);
            busy(bounded.route(), other);
            busy(unbounded.route("x", 1), unbounded.route());
            List<Object> out = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                out.add(bounded.level(out));
                out.add(bounded.queue());
            }
            bounded.flush(Undrained.DISCARDED, 0);
            bounded.flush(Undrained.DRAINED_ON_CLOSE, 5 * MS);
            scene.grownUp();

            JsonNode status = scene.json("status");
            Scrape scrape = Scrape.of(scene.address());

            Set<Metric> compared = new TreeSet<>();
            assertThat(status.get("pools")).hasSize(2);
            for (JsonNode pool : status.get("pools")) {
                compare(scrape, pool, label(pool, Names.POOL_NAME, Names.CLIENT), compared);
                assertThat(pool.get("routes")).hasSize(2);
                for (JsonNode route : pool.get("routes")) {
                    List<String> labels = label(pool, Names.POOL_NAME, Names.CLIENT);
                    labels.addAll(label(route, Names.SERVER_ADDRESS, Names.SERVER_PORT, Names.PROTOCOL_VERSION));
                    compare(scrape, route, labels, compared);
                }
            }
            compare(scrape, status, List.of(), compared);
            for (JsonNode site : status.get("sites")) {
                assertThat(site.at("/poolscope.response.undrained/discarded").asInt())
                        .isEqualTo(1);
                assertThat(scrape.value(
                                "poolscope_response_undrained_total",
                                "code_function_name="
                                        + site.get(Names.CODE_FUNCTION).asText(),
                                "poolscope_undrained_outcome=drained_on_close"))
                        .isEqualTo(site.at("/poolscope.response.undrained/drained_on_close")
                                .asInt());
            }
            assertThat(status.get("sites")).hasSize(1);
            assertThat(compared)
                    .as("whatever has a place in the status")
                    .containsExactlyInAnyOrder(
                            Metric.OPEN_CONNECTIONS,
                            Metric.LEASE_ACTIVE,
                            Metric.LEASE_PENDING,
                            Metric.LEASE_WAIT_TIME,
                            Metric.LEASE_ABANDONED,
                            Metric.LEASE_USE_TIME,
                            Metric.LEASE_RESPONSE_TIME,
                            Metric.LEASE_GRANTED,
                            Metric.WAIT_OLDEST_AGE,
                            Metric.LEASE_OLDEST_AGE,
                            Metric.CONNECTION_CREATE_TIME,
                            Metric.CONNECTION_CLOSES,
                            Metric.CONNECTION_LEAKED,
                            Metric.ROUTE_CONNECTION_LIMIT,
                            Metric.ROUTE_REQUEST_LIMIT,
                            Metric.POOL_CONNECTION_LIMIT,
                            Metric.DISPATCHER_REQUEST_LIMIT,
                            Metric.STREAM_LIMIT,
                            Metric.POOL_COUNT,
                            Metric.OVERFLOW);
            assertThat(out).hasSize(12);
        }
    }

    private static List<String> label(JsonNode node, String... names) {
        List<String> labels = new ArrayList<>();
        for (String name : names) {
            if (node.has(name)) {
                labels.add(name.replace('.', '_') + "=" + node.get(name).asText());
            }
        }
        return labels;
    }

    private static void compare(Scrape scrape, JsonNode node, List<String> labels, Set<Metric> compared) {
        for (Metric metric : Metric.values()) {
            JsonNode value = node.get(metric.key());
            if (value == null) {
                continue;
            }
            compared.add(metric);
            String name = metric.key().replace('.', '_')
                    + (metric.unit().equals("s") ? "_seconds" : "")
                    + (metric.kind() == Kind.COUNTER ? "_total" : "");
            if (PARTS.containsKey(metric)) {
                value.fields().forEachRemaining(part -> {
                    List<String> all = new ArrayList<>(labels);
                    all.add(PARTS.get(metric).replace('.', '_') + "="
                            + VALUES.getOrDefault(part.getKey(), part.getKey()));
                    compareValue(scrape, metric, name, part.getValue(), all);
                });
                assertThat(value.size())
                        .as(metric.key())
                        .isEqualTo(scrape.find(name + (metric.kind() == Kind.HISTOGRAM ? "_count" : ""), array(labels))
                                .size());
            } else {
                compareValue(scrape, metric, name, value, labels);
            }
        }
    }

    private static void compareValue(Scrape scrape, Metric metric, String name, JsonNode value, List<String> labels) {
        String[] all = array(labels);
        if (metric.kind() != Kind.HISTOGRAM) {
            // An age goes on between the two.
            assertThat(value.asDouble())
                    .as(name + labels)
                    .isCloseTo(scrape.value(name, all), within(metric.unit().equals("s") ? 5.0 : 0.0));
            return;
        }
        assertThat(value.get("count").asDouble()).isEqualTo(scrape.value(name + "_count", all));
        assertThat(value.get("sum").asDouble()).isCloseTo(scrape.value(name + "_sum", all), within(1e-6));
        if (metric == Metric.LEASE_WAIT_TIME && value.get("count").asInt() > 0) {
            for (String quantile : List.of("p50", "p95", "p99")) {
                double share = Integer.parseInt(quantile.substring(1)) / 100.0;
                assertThat(value.get(quantile).asDouble())
                        .as(quantile)
                        .isCloseTo(histogramQuantile(scrape, share, name, all), within(1e-6));
            }
        }
    }

    /** As Prometheus documents it. */
    private static double histogramQuantile(Scrape scrape, double share, String name, String[] labels) {
        double rank = share * scrape.value(name + "_count", labels);
        double lower = 0;
        double before = 0;
        for (Map.Entry<String, Double> bucket :
                scrape.find(name + "_bucket", labels).entrySet()) {
            double upper = Double.parseDouble(
                    bucket.getKey().replaceFirst(".*[{ ]le=([^,}]*).*", "$1").replace("+Inf", "Infinity"));
            if (bucket.getValue() >= rank) {
                return lower + (upper - lower) * (rank - before) / (bucket.getValue() - before);
            }
            lower = upper;
            before = bucket.getValue();
        }
        throw new AssertionError("no bucket holds it");
    }

    private static String[] array(List<String> list) {
        return list.toArray(new String[0]);
    }

    @Test
    void whoHoldsTheConnectionsIsToldByLine() throws Exception {
        try (Scene scene = new Scene("")) {
            Stock stock = Stock.open(scene.httpclient, 20);
            List<Object> responses = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Object response = new Object();
                responses.add(response);
                Checkout.reserve(stock, response);
            }
            responses.add(stock.borrow());
            scene.grownUp();

            JsonNode route = scene.json("status").at("/pools/0/routes/0");

            assertThat(route.get("saturation").toString()).isEqualTo("{\"used\":4,\"limit\":20,\"of\":\"route\"}");
            assertThat(route.get("holders")).hasSize(2);
            JsonNode first = route.at("/holders/0");
            assertThat(first.get("line").asText()).matches("com\\.acme\\.shop\\.Stock\\.level\\(Stock\\.java:\\d+\\)");
            assertThat(first.get("code.function.name").asText()).isEqualTo("com.acme.shop.Stock.level");
            assertThat(first.get("code.file.path").asText()).isEqualTo("Stock.java");
            assertThat(first.get("line").asText())
                    .endsWith(":" + first.get("code.line.number").asInt() + ")");
            assertThat(first.get("count").asInt()).isEqualTo(3);
            assertThat(first.get("oldest").asDouble()).isPositive();
            assertThat(first.get("state").asText()).isIn("reading", "held");
            JsonNode second = route.at("/holders/1");
            assertThat(second.get("unknown").asText()).isEqualTo("not handed out yet");
            assertThat(second.get("state").asText()).isEqualTo("waiting");
            assertThat(second.get("words").asText()).isEqualTo("waiting for the response");

            responses.clear();
            Awaitility.await().untilAsserted(() -> {
                System.gc();
                scene.look();
                assertThat(scene.json("status")
                                .at("/pools/0/routes/0/poolscope.connection.leaked")
                                .asInt())
                        .isEqualTo(3);
            });
            JsonNode leaked = scene.json("status").at("/pools/0/routes/0/holders/0");
            assertThat(leaked.get("state").asText()).isEqualTo("leaked");
            assertThat(leaked.get("line")).as("its stack was let go of").isEqualTo(first.get("line"));
        }
    }

    @Test
    void aPoolThatIsNoMoreIsSaidToBeSo() throws Exception {
        try (Scene scene = new Scene("")) {
            Stock open = Stock.open(scene.httpclient, 20);
            open.read();
            Stock closed = Stock.open(scene.httpclient, 20);
            closed.read();
            Stock dropped = Stock.open(scene.httpclient, 20);
            dropped.read();
            scene.grownUp();
            assertThat(ends(scene)).containsExactly("", "", "");

            closed.close();
            dropped.drop();

            Awaitility.await().untilAsserted(() -> {
                System.gc();
                assertThat(ends(scene)).containsExactly("", "closed", "collected");
            });
            Reference.reachabilityFence(open);
            Reference.reachabilityFence(closed);
        }
    }

    private static List<String> ends(Scene scene) throws Exception {
        List<String> ends = new ArrayList<>();
        scene.json("status")
                .get("pools")
                .forEach(pool -> ends.add(pool.path("ended").asText()));
        return ends;
    }

    @Test
    void aReportIsToldAsItWasWritten() throws Exception {
        try (Scene scene = new Scene("")) {
            Stock stock = Stock.open(scene.httpclient, 20);
            stock.flush(Undrained.DISCARDED, 0);
            String written = scene.look();
            assertThat(written).contains(" UNDRAINED ");
            long taken = scene.json("status").get("reports").asLong();

            JsonNode reports = scene.json("reports");

            assertThat(reports.get("taken").asLong()).isEqualTo(taken);
            JsonNode report = reports.at("/reports/0");
            assertThat(report.get("text").asText()).isEqualTo(written);
            assertThat(report.get("event.name").asText()).isEqualTo("poolscope.undrained");
            assertThat(report.get("severity").asText()).isEqualTo("INFO");
            assertThat(report.get("poolscope.mend").asText()).contains("EntityUtils.consume");
            assertThat(report.get("code.function.name").asText()).isEqualTo("com.acme.shop.Stock.flush");
            assertThat(report.get("server.address").asText()).isEqualTo("stock.internal");
            assertThat(report.get("written").asInt()).isEqualTo(1);
            assertThat(report.get("first")).isEqualTo(report.get("timestamp"));
        }
    }

    /** Names of hosts come from redirects, names of classes from whoever wrote them. */
    @Test
    void whateverIsForeignComesThroughAsText() throws Exception {
        List<String> hosts = List.of(
                "<img src=x onerror=alert(1)>",
                "\"},{\"a\":\"",
                "back\\slash",
                "line\r\nbreak",
                "sep\u2028\u2029arator",
                "\u0000\u001b[31m",
                "lone\ud800surrogate",
                "</script><script>alert(1)</script>",
                "\u202egnp.exe");
        try (Scene scene = new Scene("")) {
            Client client = Client.add("<b>client</b>", "<i>label</i>", "\"'&", Client.UNSUPPORTED);
            client.unsupported(new IllegalStateException("<script>\u2028"));
            Stock stock = Stock.open(scene.httpclient, 20);
            for (String host : hosts) {
                Stock.giveBack(Stock.borrow(stock.route(host, 1)));
            }
            scene.grownUp();

            JsonNode status = scene.json("status");

            List<String> told = new ArrayList<>();
            status.at("/pools/0/routes").forEach(route -> {
                if (route.get("server.port").asInt() == 1) {
                    told.add(route.get("server.address").asText());
                }
            });
            assertThat(told).containsExactlyInAnyOrderElementsOf(hosts);
            assertThat(status.get("instrumentations").toString())
                    .contains("<b>client</b>", "<i>label</i>", "IllegalStateException: <script>\u2028");
            assertThat(scene.json("timeline").get("series")).hasSize(1 + hosts.size());
        }
    }

    @Test
    void whereRoutesAreSecretsNothingTellsThem() throws Exception {
        try (Scene scene = new Scene("routes=off")) {
            Stock stock = Stock.open(scene.httpclient, 2);
            stock.flush(Undrained.DISCARDED, 0);
            List<Object> out = new ArrayList<>(List.of(stock.borrow(), stock.borrow(), stock.queue()));
            Stock.giveBack(Stock.borrow(stock.route("hidden.internal", 4711)));
            stock.queue().ended(WaitOutcome.TIMEOUT);
            assertThat(scene.look() + scene.grownUp().look()).contains("EXHAUSTED");

            StringBuilder all = new StringBuilder();
            for (String name : List.of("status", "timeline", "reports", "settings")) {
                all.append(scene.json(name));
            }

            assertThat(all.toString())
                    .contains("com.acme.shop.Stock", "EXHAUSTED", "UNDRAINED")
                    .doesNotContain("stock.internal", "hidden.internal", "8080", "4711", "server.address");
            assertThat(scene.json("status").at("/pools/0/routes")).hasSize(1);
            assertThat(scene.json("status").at("/pools/0/routes/0/saturation").toString())
                    .isEqualTo("{\"used\":2,\"limit\":2,\"of\":\"route\",\"routes\":2}");
            assertThat(out).hasSize(3);
        }
    }

    @Test
    void ofAClientThatFailedTooOftenOnlyThatIsTold() throws Exception {
        try (Scene scene = new Scene("")) {
            Stock stock = Stock.open(scene.httpclient, 2);
            Stock.giveBack(stock.borrow());
            scene.grownUp();
            assertThat(scene.json("status").get("pools")).hasSize(1);
            for (int i = 0; i <= Client.LIMIT; i++) {
                Client.suppressed(new NullPointerException("ours"), scene.httpclient.id());
            }

            JsonNode status = scene.pass(6 * S).grownUp().json("status");

            assertThat(status.get("pools")).isEmpty();
            assertThat(scene.json("timeline").get("series")).isEmpty();
            JsonNode client = null;
            for (JsonNode one : status.get("instrumentations")) {
                client = one.get("poolscope.state").asText().equals("tripped") ? one : client;
            }
            assertThat(client).isNotNull();
            assertThat(client.get("poolscope.instrumentation.failures").asInt()).isGreaterThan(Client.LIMIT);
            assertThat(client.get("reason").asText()).contains("ours");
        }
    }

    @Test
    void theTokenIsNoSettingToTell() throws Exception {
        try (Scene scene = new Scene("page.token=0123456789abcdef;leaks=always")) {
            HttpResponse<String> response = scene.get("/api/v1/settings", "Authorization", "Bearer 0123456789abcdef");

            assertThat(response.body())
                    .contains("{\"name\":\"poolscope.page.token\",\"value\":\"(secret)\"")
                    .contains(
                            "{\"name\":\"poolscope.leaks\",\"value\":\"always\",\"default\":\"adaptive\",\"set\":true")
                    .doesNotContain("0123456789abcdef");
        }
    }

    @Test
    void whoAcceptsGzipGetsIt() throws Exception {
        try (Scene scene = new Scene("")) {
            Stock.giveBack(Stock.open(scene.httpclient, 2).borrow());
            scene.grownUp();

            HttpResponse<byte[]> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(scene.address() + "api/v1/status"))
                                    .header("Accept-Encoding", "gzip, br")
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());

            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            String plain = new String(
                    new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(),
                    StandardCharsets.US_ASCII);
            assertThat(plain).startsWith("{\"version\":1,").endsWith("}").contains("com.acme.shop.Stock");
        }
    }

    @Test
    void manyWhoAskAtOnceAreGivenTheSame() throws Exception {
        try (Scene scene = new Scene("")) {
            String first = scene.get("/api/v1/status").body();

            assertThat(scene.get("/api/v1/status").body()).isEqualTo(first);
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        try (Scene scene = new Scene("")) {
            for (String path : List.of("/api/v1/", "/api/v2/status", "/page.java", "/../page.js", "/favicon.ico")) {
                HttpResponse<String> response = scene.get(path);
                assertThat(response.statusCode()).as(path).isEqualTo(404);
                assertThat(response.body()).contains("/api/v1/status");
            }
        }
    }

    /** What this prints stands in docs/live-page.md. */
    @Test
    void atTheBoundsItStaysSmall() throws Exception {
        try (Scene scene = new Scene("")) {
            List<Object> out = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                Stock stock = Stock.open(scene.httpclient, 100);
                busy(stock.route(), stock.route());
                for (int k = 0; k < 50; k++) {
                    out.add(stock.level(out));
                }
            }
            scene.grownUp();
            for (int i = 0; i < 3 * TimeLine.CELLS; i++) {
                scene.page.round(System.nanoTime() + 12 * S + i * TimeLine.STEP);
            }

            long best = Long.MAX_VALUE;
            int bytes = 0;
            for (int i = 0; i < 20; i++) {
                scene.page.forget();
                long begin = System.nanoTime();
                bytes = scene.get("/api/v1/status").body().length();
                best = Math.min(best, System.nanoTime() - begin);
            }
            int line = scene.json("timeline").toString().length();
            System.out.printf(
                    "page at the bounds: status %d bytes, %.1f ms at best of 20; timeline %d bytes%n",
                    bytes, best / 1e6, line);

            assertThat(bytes).isLessThan(200_000);
            assertThat(line).isLessThan(500_000);
            assertThat(out).hasSize(1_500);
        }
    }

    /** Every name in the JSON stands in the documentation of it, or in that of the telemetry. */
    @Test
    void everyNameIsDocumented() throws Exception {
        String docs = Files.readString(Path.of("../../docs/live-page.md"));
        String contract = Files.readString(Path.of("../../docs/telemetry.md"));
        Set<String> names = new TreeSet<>();
        try (Scene scene = new Scene("instrumentation.okhttp.enabled=true")) {
            Stock stock = Stock.open(scene.httpclient, 2);
            busy(stock.route(), stock.route());
            stock.flush(Undrained.DISCARDED, 0);
            List<Object> out = new ArrayList<>(List.of(stock.level(this), stock.borrow(), stock.queue()));
            stock.queue().ended(WaitOutcome.TIMEOUT);
            Stock closed = Stock.open(scene.httpclient, 2);
            closed.read();
            closed.close();
            scene.grownUp();
            for (String name : List.of("status", "timeline", "reports", "settings")) {
                names(scene.json(name), names);
            }
            assertThat(out).hasSize(3);
        }
        assertThat(names).hasSizeGreaterThan(50);
        assertThat(names.stream()
                        .filter(name -> !docs.contains("`" + name + "`") && !contract.contains("`" + name + "`")))
                .isEmpty();
    }

    private static void names(JsonNode node, Set<String> names) {
        if (node.isObject()) {
            node.fieldNames().forEachRemaining(names::add);
        }
        node.forEach(child -> names(child, names));
    }
}

package io.poolscope.engine.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.poolscope.engine.leaks.Style;
import io.poolscope.engine.leaks.Watchers;
import io.poolscope.engine.pools.BoundedInventory;
import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.SiteReader;
import io.poolscope.engine.report.Console;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Observers;
import io.poolscope.engine.report.Press;
import io.poolscope.engine.start.Setting;
import io.poolscope.engine.start.Settings;
import io.poolscope.engine.telemetry.Telemetry;
import io.poolscope.model.CallSite;
import io.poolscope.model.Client;
import io.poolscope.model.Clock;
import io.poolscope.model.Custody;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import io.poolscope.model.Pool;
import io.poolscope.model.Wait;
import io.poolscope.model.WaitOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The engine without its thread, and its port: a test says when it looks, and asks as a browser or a script does. */
final class Scene implements AutoCloseable {

    static final long S = 1_000_000_000L;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    final Client httpclient = Client.add("apache-httpclient-4", "httpclient", "4.5.14", Client.ON);
    final Client okhttp = Client.add("okhttp", "okhttp", "4.12.0", Client.ON);
    final Watchers watchers;
    final Press press;
    final Inventory inventory;
    final Page page;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Observer observer;
    private long ahead;

    Scene(String arguments) {
        clear();
        Settings settings = Settings.of("port=0;" + arguments, Map.of(), Map.of());
        SiteReader reader = new SiteReader(List.of("io.poolscope.engine."));
        Catalogue catalogue = new Catalogue(
                settings.number(Setting.MAX_POOLS),
                settings.number(Setting.MAX_CALLSITES),
                settings.choice(Setting.ROUTES).equals("full"),
                300 * S,
                reader);
        press = new Press(Console.to(written, "text"), 1_000);
        watchers = new Watchers(catalogue, reader, press, new Style(60 * S, 2, 60 * S, 5 * S));
        inventory = new BoundedInventory(catalogue, settings.number(Setting.MAX_ROUTES));
        page = new Page(settings, inventory, watchers, "1.2.3");
        observer = new Observers(Telemetry.start(settings, inventory, "1.2.3", page), page);
        press.open(observer, List.of());
    }

    private static void clear() {
        CallSite.oneIn(64);
        Custody.wanted(true);
        Lease.OUTSTANDING.forEach(Lease::takenBack);
        Wait.OUTSTANDING.forEach(wait -> wait.ended(WaitOutcome.CANCELLED));
        while (Pool.poll() != null || Event.poll() != null || Custody.COLLECTED.poll() != null) {
            // Drop it.
        }
    }

    /** Time goes by for those who look. */
    Scene pass(long nanos) {
        ahead += nanos;
        return this;
    }

    /** One round of the engine; returns what it wrote. */
    String look() {
        Clock.tick();
        watchers.begin();
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            watchers.event(event);
        }
        long now = System.nanoTime() + ahead;
        watchers.tick(now, observer);
        observer.round(now);
        String text = written.toString(StandardCharsets.US_ASCII);
        written.reset();
        return text;
    }

    /** Pools are told from their third second on. */
    Scene grownUp() {
        look();
        pass(6 * S).look();
        return this;
    }

    String address() {
        return observer.address();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address()).resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** A resource of the API, made anew, and read by the letter of the standard. */
    JsonNode json(String name) throws IOException, InterruptedException {
        page.forget();
        HttpResponse<String> response = get("/api/v1/" + name);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).isPrintable().isASCII();
        JsonNode json = STRICT.readTree(response.body());
        assertThat(json.get("version").asInt()).isEqualTo(1);
        return json;
    }

    @Override
    public void close() {
        observer.close(2_000);
    }
}

package io.poolscope.engine.page;

import io.poolscope.engine.http.Answer;
import io.poolscope.engine.http.Handler;
import io.poolscope.engine.leaks.Holders;
import io.poolscope.engine.leaks.Watchers;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.report.Json;
import io.poolscope.engine.report.Observer;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Text;
import io.poolscope.engine.start.Setting;
import io.poolscope.engine.start.Settings;
import io.poolscope.engine.telemetry.Identity;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * The live page and the JSON beside it: {@code /}, {@code /api/v1/status}, {@code timeline}, {@code reports} and {@code
 * settings}.
 *
 * <p>What is asked for is made then, and given to all who ask within half a second, so that many readers cost no more than
 * two a second. Thread-safe; what it is told as an observer comes from the engine's thread.
 */
public final class Page implements Handler, Observer {

    private static final String API = "/api/v" + Fields.VERSION + "/";
    private static final long FRESH = 500_000_000L;
    private static final long FORGOTTEN = 10_000_000_000L;
    /** What is smaller is sent as it is. */
    private static final int SMALL = 1_000;

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    /** What the page consists of, by path: its file here, and its type. */
    private static final Map<String, String[]> FILES = new HashMap<>();

    static {
        file("/", "page.html", "text/html; charset=utf-8");
        file("/icon.svg", "icon.svg", "image/svg+xml");
        file("/page.css", "page.css", STYLE);
        file("/uplot.css", "uPlot.min.css", STYLE);
        file("/uplot.js", "uPlot.iife.min.js", SCRIPT);
        for (String module : List.of("page", "reports", "routes", "charts", "status", "nodes", "words")) {
            file("/" + module + ".js", module + ".js", SCRIPT);
        }
    }

    private final Settings settings;
    private final String version;
    private final long began = System.nanoTime();
    private final String service = Identity.service();
    private final TimeLine timeLine;
    private final Archive archive = new Archive();
    private final Map<String, Resource> resources = new HashMap<>();

    /**
     * A page on which nothing has happened yet.
     *
     * @param inventory what there is to tell, the same that the metrics are made of
     * @param watchers know who holds the connections
     * @param version of this agent
     */
    public Page(Settings settings, Inventory inventory, Watchers watchers, String version) {
        this.settings = settings;
        this.version = version;
        this.timeLine = new TimeLine(inventory, began);
        Status status = new Status(
                inventory,
                new Status.HoldersOf() {
                    @Override
                    public <K> Map<K, Holders> by(Function<Route, K> group) {
                        return watchers.holders(group);
                    }
                },
                timeLine);
        resources.put(API + "status", new Resource(json -> {
            identity(json);
            status.write(json);
        }));
        resources.put(API + "timeline", new Resource(timeLine::write));
        resources.put(API + "reports", new Resource(archive::write));
        resources.put(API + "settings", new Resource(this::settings));
    }

    /** What was made when it was asked for. */
    private static final class Made {
        private final long at = System.nanoTime();
        private final byte[] plain;
        /** Guarded by its resource. */
        private byte[] zipped;

        Made(byte[] plain) {
            this.plain = plain;
        }
    }

    private static void file(String path, String file, String type) {
        FILES.put(path, new String[] {file, type});
    }

    /** Something that is made when it is asked for. */
    private static final class Resource {
        private final Consumer<Json> writer;
        private volatile Made latest;

        Resource(Consumer<Json> writer) {
            this.writer = writer;
        }

        synchronized Answer answer(boolean zip) {
            Made made = latest;
            if (made == null || System.nanoTime() - made.at > FRESH) {
                made = new Made(written());
                latest = made;
            }
            if (!zip || made.plain.length < SMALL) {
                return Answer.of(200, "application/json", made.plain);
            }
            if (made.zipped == null) {
                made.zipped = zipped(made.plain);
            }
            return Answer.of(200, "application/json", made.zipped).with("Content-Encoding", "gzip");
        }

        private byte[] written() {
            Json json = new Json().open();
            json.put("version", Fields.VERSION);
            json.put("time", Text.timeStamp(System.currentTimeMillis()));
            writer.accept(json);
            return json.close().toString().getBytes(StandardCharsets.US_ASCII);
        }

        private static byte[] zipped(byte[] plain) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4);
            try (OutputStream zip = new GZIPOutputStream(bytes)) {
                zip.write(plain);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return bytes.toByteArray();
        }

        /** Keeps nothing for long that nobody asks for. Waits for nobody. */
        void round(long now) {
            Made made = latest;
            if (made != null && now - made.at > FORGOTTEN) {
                latest = null;
            }
        }
    }

    @Override
    public Answer answer(String path, UnaryOperator<String> header) {
        Resource resource = resources.get(path);
        if (resource != null) {
            String accepted = header.apply("Accept-Encoding");
            return resource.answer(accepted != null && accepted.contains("gzip"));
        }
        String[] file = FILES.get(path);
        if (file != null) {
            return Answer.of(200, file[1], read(file[0]));
        }
        return Answer.text(404, "there are /, /metrics and " + API + "status, timeline, reports, settings");
    }

    /** Out of the agent's jar, each time: nobody looks often enough to keep it. */
    private static byte[] read(String file) {
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets what is asked for next be made anew. */
    void forget() {
        resources.values().forEach(resource -> resource.latest = null);
    }

    private void identity(Json json) {
        json.put(Names.SERVICE_NAME, service);
        json.put(Names.PROCESS_PID, ProcessHandle.current().pid());
        json.put(Names.DISTRO_VERSION, version);
        json.put("uptime", Fields.seconds(System.nanoTime() - began));
        json.put("reports", archive.taken());
    }

    private void settings(Json json) {
        json.openList("settings");
        for (Setting setting : Setting.values()) {
            if (setting != Setting.INSTRUMENTATION_ENABLED) {
                boolean isSecret = setting == Setting.PAGE_TOKEN && settings.isSet(setting);
                json.open().put("name", setting.key());
                json.put("value", isSecret ? "(secret)" : settings.text(setting));
                json.put("default", setting.byDefault()).put("set", settings.isSet(setting));
                json.put("meaning", setting.meaning());
                json.close();
            }
        }
        for (String client : settings.clientsNamed()) {
            json.open().put("name", Setting.INSTRUMENTATION_ENABLED.key().replace("<client>", client));
            json.put("value", Boolean.toString(settings.isEnabled(client)));
            json.put("default", Setting.INSTRUMENTATION_ENABLED.byDefault()).put("set", true);
            json.put("meaning", Setting.INSTRUMENTATION_ENABLED.meaning());
            json.close();
        }
        json.closeList();
    }

    @Override
    public void report(Report report) {
        archive.report(report);
    }

    @Override
    public void notice(Report notice) {
        archive.notice(notice);
    }

    @Override
    public void round(long now) {
        timeLine.round(now);
        resources.values().forEach(resource -> resource.round(now));
    }
}

package io.poolscope.engine.http;

import io.poolscope.engine.report.Report;
import io.poolscope.engine.start.Setting;
import io.poolscope.engine.start.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The ports on which this process serves: our own, and the one that the specification's Prometheus exporter would have.
 *
 * <p>The default of our own gives way to the next free one of ten. A port that was set does not: a scrape would read the
 * wrong JVM. Whatever cannot be opened is said in a line, and all else goes on. Not thread-safe.
 */
public final class Listeners implements AutoCloseable {

    private static final int WALK = 10;

    private final BiConsumer<Report.Severity, String> say;
    private final List<HttpListener> open = new ArrayList<>();

    /** None yet; {@code say} gets a line where one cannot be had. */
    public Listeners(BiConsumer<Report.Severity, String> say) {
        this.say = say;
    }

    /** Opens our own; returns its address, or null if there is none. */
    public String openOwn(Settings settings, Handler handler) {
        int port = settings.port();
        if (port == Settings.OFF) {
            return null;
        }
        String host = settings.text(Setting.HOST);
        boolean set = settings.isSet(Setting.PORT);
        int last = set || port == 0 ? port : Math.min(port + WALK - 1, 65535);
        for (int next = port; next <= last; next++) {
            try {
                return "http://" + named(host) + ":" + open(host, next, handler) + "/";
            } catch (BindException e) {
                if (next == last) {
                    String taken = set || port == 0
                            ? host + ":" + port + " (" + Setting.PORT.key() + ") cannot be had"
                            : "all ports from " + port + " to " + last + " are taken";
                    say.accept(
                            set ? Report.Severity.ERROR : Report.Severity.WARN,
                            taken + ": " + e.getMessage() + "; metrics are not served there");
                }
            } catch (IOException e) {
                say.accept(
                        set ? Report.Severity.ERROR : Report.Severity.WARN,
                        "metrics are not served at " + host + ":" + next + ": " + e.getMessage());
                return null;
            }
        }
        return null;
    }

    /** Opens what the specification's exporter would open; returns whether that could be done. */
    public boolean openSpecified(String host, String port, Handler handler) {
        String where = host + ":" + port + " (otel.exporter.prometheus)";
        try {
            open(host, Integer.parseInt(port), handler);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            say.accept(Report.Severity.ERROR, where + " cannot be had: " + e.getMessage());
            return false;
        }
    }

    private int open(String host, int port, Handler handler) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("there is no such address");
        }
        HttpListener listener = HttpListener.open(address, handler);
        open.add(listener);
        return listener.port();
    }

    /** Whether only this machine can reach that address. */
    public static boolean isLocal(String host) {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /** An address of version 6 in brackets. */
    private static String named(String host) {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
    }

    @Override
    public void close() {
        for (HttpListener listener : open) {
            listener.close();
        }
    }
}

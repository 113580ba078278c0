package io.poolscope.engine.start;

import io.poolscope.engine.report.Report;
import io.poolscope.engine.report.Report.Severity;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.Client;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What is said of the agent itself: once what it watches and where to look, with the settings that were not understood; later
 * what it watches too, and what it does not watch any more. Confined to the engine's thread.
 */
final class Banner {

    private final Settings settings;
    private final File agentJar;
    /** Clients by their states when they were last spoken of. */
    private final Map<Client, String> said = new HashMap<>();

    private String address;
    private boolean isIntroduced;

    Banner(Settings settings, File agentJar) {
        this.settings = settings;
        this.agentJar = agentJar;
    }

    /** The first lines; {@code address} is where to look, null if nothing is served. */
    List<Report> first(String address) {
        this.address = address;
        List<Report> lines = watched();
        for (String warning : settings.warnings()) {
            lines.add(line(Severity.WARN, warning));
        }
        return lines;
    }

    /** What has changed since. */
    List<Report> later() {
        List<Report> lines = watched();
        for (Client client : Client.all()) {
            // What did not fit from the start was said where it was found, and has no failure.
            if (client.label() != null
                    && !client.isOn()
                    && client.lastFailure() != null
                    && !client.state().equals(said.put(client, client.state()))) {
                lines.add(line(Severity.WARN, name(client) + " is not watched any more: " + reason(client)));
            }
        }
        return lines;
    }

    /** A line of what is watched from now on; the first says who we are and where to look, whenever it comes. */
    private List<Report> watched() {
        List<Report> lines = new ArrayList<>();
        Set<String> watched = watchedFromNowOn();
        if (!watched.isEmpty()) {
            String names = String.join(", ", watched);
            lines.add(line(
                    Severity.INFO,
                    isIntroduced
                            ? "watches " + names + " too"
                            : version() + " watches " + names + (address == null ? "" : "; see " + address)));
            isIntroduced = true;
        }
        return lines;
    }

    private static String reason(Client client) {
        Throwable last = client.lastFailure();
        StackTraceElement[] stack = last.getStackTrace();
        String what = last + (stack.length == 0 ? "" : " at " + stack[0]);
        if (!client.state().equals(Client.TRIPPED)) {
            return "a class of it could not be woven: " + what;
        }
        int failures = 0;
        for (Client part : Client.all()) {
            failures += part.isOneWith(client) ? part.failures() : 0;
        }
        return failures + " errors of Poolscope's own, which the application did not feel; the last one was " + what;
    }

    private Set<String> watchedFromNowOn() {
        Set<String> watched = new LinkedHashSet<>();
        for (Client client : Client.all()) {
            if (client.isOn() && said.put(client, Client.ON) == null && client.label() != null) {
                watched.add(name(client));
            }
        }
        return watched;
    }

    /** Library and version, of a copy the package too: {@code org.acme.shaded.http (httpclient 4.5.14)}. */
    static String name(Client client) {
        String library = (client.label() == null ? client.name() : client.label()) + " " + client.version();
        return client.copy() == null ? library : client.copy() + " (" + library + ")";
    }

    /** The agent's version, from its jar. */
    String version() {
        try (JarFile jar = new JarFile(agentJar)) {
            Manifest manifest = jar.getManifest();
            String version = manifest == null
                    ? null
                    : manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            return version == null ? "(unknown version)" : version;
        } catch (IOException | RuntimeException unreadable) {
            return "(unknown version)";
        }
    }

    private static Report line(Severity severity, String text) {
        // A warning may have more to say than fits a line.
        int more = text.indexOf('\n');
        return new Report(
                Names.EVENT_AGENT,
                severity,
                System.currentTimeMillis(),
                more < 0 ? text : text.substring(0, more),
                more < 0 ? List.of() : List.of(text.substring(more + 1)),
                Collections.emptyMap());
    }
}

package io.poolscope.testkit;

import io.poolscope.testkit.otlp.Sink;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One forked JVM with one version of a library and all scenarios in it. */
final class Run {

    /** How long is waited for what has to be seen; nothing of it takes longer than a few seconds on a machine with nothing else to do. */
    private static final int PATIENCE_SECONDS = Integer.getInteger("poolscope.kit.patience", 20);

    private static final String REPORTS = "LEAK|SUSPECTED|UNDRAINED|EXHAUSTED|STALE|CHURN|ADVICE";
    private static final Pattern COMPLAINT = Pattern.compile(
            "(WARN|ERROR) \\[poolscope\\] (?!(" + REPORTS + ")\\b)|^\\s*at io\\.poolscope\\.(?!testkit)");

    private final Library library;
    private final int jdk;
    private final Path home;
    private final Path agent;
    private final Path out;
    private final Servers servers;
    private final Path keyStore;
    private final Sink sink;
    /** Closed at the very end only: a port that came back would bring two scenarios' series together. */
    private final List<Servers.Handle> opened = new CopyOnWriteArrayList<>();

    private Fork fork;

    /** @param agent the agent's jar, or null to play without */
    private Run(Library library, int jdk, Path home, Path agent, Servers servers, Path keyStore) throws IOException {
        this.library = library;
        this.jdk = jdk;
        this.home = home;
        this.agent = agent;
        this.servers = servers;
        this.keyStore = keyStore;
        this.out = Paths.get(System.getProperty("poolscope.kit.out", "target"), "kit")
                .resolve(library + "@" + jdk + (agent == null ? "-without-agent" : ""));
        this.sink = Sink.open();
    }

    /** Plays all scenarios with all clients of the library; the outcomes, and what the whole run says as the last one. */
    static List<Outcome> of(Library library, int jdk, Path home, Path agent, Servers servers, Path keyStore)
            throws Exception {
        Run run = new Run(library, jdk, home, agent, servers, keyStore);
        long start = System.nanoTime();
        try (Sink closing = run.sink) {
            return run.play();
        } finally {
            run.opened.forEach(Servers.Handle::close);
            System.out.printf("kit: %s took %.1f s%n", run.out.getFileName(), (System.nanoTime() - start) / 1e9);
        }
    }

    private List<Outcome> play() throws Exception {
        Files.createDirectories(out);
        List<Outcome> outcomes = new ArrayList<>();
        try (Fork closing = new Fork(command(), out.resolve("log"))) {
            fork = closing;
            List<String> clients = Adapters.of(library.name(), library.version());
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                // One client after the other: they play the same lines, and a report stands for a line.
                for (String client : clients) {
                    List<Future<Outcome>> together = new ArrayList<>();
                    for (Scenario scenario : scenarios(Scenario.Phase.TOGETHER)) {
                        together.add(threads.submit(() -> play(client, scenario)));
                    }
                    for (Future<Outcome> outcome : together) {
                        outcomes.add(outcome.get());
                    }
                }
            } finally {
                threads.shutdownNow();
            }
            for (String client : clients) {
                for (Scenario scenario : scenarios(Scenario.Phase.ALONE)) {
                    outcomes.add(play(client, scenario));
                }
            }
            for (Scenario scenario : scenarios(Scenario.Phase.LAST)) {
                outcomes.add(play(clients.get(0), scenario));
                for (String other : clients.subList(1, clients.size())) {
                    outcomes.add(new Outcome(
                            toString(), other, scenario, "played by " + clients.get(0), List.of(), List.of(), ""));
                }
            }
            outcomes.add(whole(clients.get(0)));
        }
        Files.write(out.resolve("newest-metrics.otlp"), sink.bytes());
        return outcomes;
    }

    private static List<Scenario> scenarios(Scenario.Phase phase) {
        List<String> wanted = Library.list("poolscope.kit.scenarios");
        return Scenarios.all().stream()
                .filter(scenario -> scenario.phase() == phase)
                .filter(scenario -> wanted.isEmpty() || wanted.contains(scenario.id()))
                .toList();
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Jvms.java(home).toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        if (agent != null) {
            command.add("-javaagent:" + agent);
            settings().forEach((name, value) -> command.add("-D" + name + "=" + value));
        }
        command.add("-cp");
        Path classes =
                Path.of(Objects.requireNonNull(System.getProperty("poolscope.kit.classes"), "poolscope.kit.classes"));
        if (library.host() != null) {
            classes = Moved.in(library.jars()).program(classes, out.resolve("classes"));
        }
        command.add(Stream.concat(Stream.of(classes), library.jars().stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(Program.class.getName());
        return command;
    }

    /** The agent's thresholds are low, so that what takes a minute in life takes seconds here, and its caps are where the scenarios expect them. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("otel.exporter.otlp.endpoint", sink.endpoint());
        settings.put("otel.exporter.otlp.protocol", "http/protobuf");
        settings.put("otel.metric.export.interval", "500");
        settings.put("otel.blrp.schedule.delay", "200");
        settings.put("otel.bsp.schedule.delay", "200");
        settings.put("poolscope.port", "off");
        settings.put("poolscope.log", "text");
        settings.put("poolscope.leaks.suspected.after", "2s");
        settings.put("poolscope.exhausted.after", "1s");
        settings.put("poolscope.report.window", "1s");
        settings.put("poolscope.report.limit", "100000");
        settings.put("poolscope.spans.limit", "1000");
        // The kit's own layer over the clients, so that a call site is the scenario that has it.
        settings.put(
                "poolscope.callsite.skip",
                "io.poolscope.testkit.clients,io.poolscope.testkit.Client,io.poolscope.testkit.Stage");
        settings.put("poolscope.max.pools", Integer.toString(Contract.CAP));
        settings.put("poolscope.max.routes", Integer.toString(Contract.CAP));
        settings.put("poolscope.max.callsites", "500");
        return settings;
    }

    private Outcome play(String client, Scenario scenario) throws Exception {
        Traits traits = Adapters.named(client).traits(library.version());
        String obstacle = scenario.obstacle(traits);
        if (obstacle != null) {
            return new Outcome(toString(), client, scenario, obstacle, List.of(), List.of(), "");
        }
        List<Servers.Handle> handles = new ArrayList<>();
        for (Scenario.Server kind : scenario.servers()) {
            handles.add(servers.open(kind));
        }
        opened.addAll(handles);
        try {
            return play(client, scenario, traits, handles);
        } catch (IOException e) {
            return new Outcome(
                    toString(), client, scenario, null, List.of(e + ", said " + fork.stderr()), List.of(), "");
        }
    }

    private Outcome play(String client, Scenario scenario, Traits traits, List<Servers.Handle> handles)
            throws Exception {
        String key = client + "/" + scenario.id();
        Sink.Snapshot before = sink.snapshot();
        List<String> untrue = new ArrayList<>();
        List<String> unmet = new ArrayList<>();
        StringBuilder details = new StringBuilder();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("trust", keyStore.toString());
        settings.put("seed", Long.toString(SEED));
        settings.put("storm", System.getProperty("poolscope.kit.storm", "2000"));
        List<String> urls = handles.stream().map(Servers.Handle::url).toList();
        fork.run(key, client, library.version(), scenario, urls, settings);
        for (Fork.Word word = fork.next(key, 120); ; word = fork.next(key, 120)) {
            if (word.what().equals("failed")) {
                untrue.add(word.why());
                break;
            }
            settle(key, scenario, traits, word, handles, before, untrue, unmet, details);
            if (word.what().equals("done")) {
                break;
            }
            fork.goOn(key);
        }
        return new Outcome(toString(), client, scenario, null, untrue, unmet, details.toString());
    }

    /** The storms' seed: another one each day unless it is set, and always said. */
    static final long SEED = Long.getLong("poolscope.kit.seed", System.currentTimeMillis() / 86_400_000);

    /**
     * Waits until all that is expected is seen at once, in an export that began after the moment (the second to arrive: the first may have been under way);
     * where the collector matters it must have run in between.
     */
    private void settle(
            String key,
            Scenario scenario,
            Traits traits,
            Fork.Word word,
            List<Servers.Handle> handles,
            Sink.Snapshot before,
            List<String> untrue,
            List<String> unmet,
            StringBuilder details)
            throws Exception {
        Expect expect = scenario.expectation(word.moment(), traits);
        int since = sink.snapshot().exports();
        long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        for (int round = 0; ; round++) {
            if (scenario.isCollecting() && round % 5 == 0) {
                fork.collectGarbage();
            }
            Map<String, Double> stats = fork.stats(key);
            Sink.Snapshot snapshot = sink.snapshot();
            Seen seen = new Seen(snapshot, before, handles, word.facts(), stats, fork.stderr());
            List<String> nowUntrue = unmet(expect, true, seen);
            List<String> nowUnmet = unmet(expect, false, seen);
            boolean fresh = agent == null || snapshot.exports() >= since + (scenario.isCollecting() ? 4 : 2);
            boolean met = nowUntrue.isEmpty() && (agent == null || nowUnmet.isEmpty());
            boolean late = System.nanoTime() > deadline;
            if (late || (met && fresh)) {
                String at = word.moment().equals(Scenario.END) ? "" : "at '" + word.moment() + "': ";
                nowUntrue.forEach(line -> untrue.add(at + line));
                nowUnmet.forEach(line -> unmet.add(at + line));
                if (!met || !fresh) {
                    details.append(at).append(seen.everything());
                    if (!fresh) {
                        unmet.add(at + "no exports of metrics any more");
                    }
                }
                return;
            }
            Thread.sleep(150);
        }
    }

    private static List<String> unmet(Expect expect, boolean truth, View view) {
        return expect.checks().stream()
                .filter(check -> check.truth() == truth)
                .map(check -> check.unmet(view))
                .filter(Objects::nonNull)
                .toList();
    }

    /** What holds of the run as a whole: nothing of ours failed, nothing was said that should not be, and the library is really watched. */
    private Outcome whole(String client) throws Exception {
        Sink.Snapshot snapshot = sink.snapshot();
        List<String> unmet = new ArrayList<>();
        double failures = sum(snapshot, Contract.FAILURES);
        if (failures > 0) {
            unmet.add(Contract.FAILURES + ": expected 0, seen " + failures);
        }
        boolean on = snapshot.last().stream()
                .filter(point -> point.metric().equals(Contract.STATE))
                .map(Sink.Point::attributes)
                .anyMatch(attributes -> library.version().equals(attributes.get(Contract.LIBRARY_VERSION))
                        && "on".equals(attributes.get(Contract.INSTRUMENTATION_STATE)));
        if (!on) {
            unmet.add(Contract.STATE + ": nothing says that version " + library.version() + " is on");
        }
        Traits.Fate unread = Adapters.named(client).traits(library.version()).unreadLarge();
        if (agent != null
                && Library.list("poolscope.kit.scenarios").isEmpty()
                && (unread == Traits.Fate.DISCARDED || unread == Traits.Fate.DRAINED)
                && snapshot.logs().stream().noneMatch(log -> log.name().equals(Contract.UNDRAINED_EVENT))) {
            unmet.add("no log event " + Contract.UNDRAINED_EVENT);
        }
        // Once for the run: a span of a leak is promised within limits (one a second of a route, 50 of a process).
        if (agent != null
                && Library.list("poolscope.kit.scenarios").isEmpty()
                && Adapters.named(client).traits(library.version()).keepsWhatIsDropped() == null
                && snapshot.spans().stream().noneMatch(span -> span.name().startsWith(Contract.LEAK_SPAN))) {
            unmet.add("no span " + Contract.LEAK_SPAN);
        }
        sink.complaints().forEach(complaint -> unmet.add("not OTLP: " + complaint));
        int code = fork.exit();
        fork.stderr().stream()
                .filter(line -> COMPLAINT.matcher(line).find())
                .forEach(line -> unmet.add("said on stderr: " + line));
        fork.strayStdout().forEach(line -> unmet.add("said on stdout: " + line));
        List<String> untrue = code == 0 ? List.of() : List.of("the JVM ended with " + code);
        return new Outcome(toString(), client, WHOLE, null, untrue, unmet, "");
    }

    static final Scenario WHOLE = Scenario.of("nothing of ours failed");

    private static double sum(Sink.Snapshot snapshot, String metric) {
        return snapshot.last().stream()
                .filter(point -> point.metric().equals(metric))
                .mapToDouble(Sink.Point::value)
                .sum();
    }

    @Override
    public String toString() {
        return library + " on " + jdk;
    }
}

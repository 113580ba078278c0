package io.poolscope.benchmarks;

import com.acme.measured.Caps;
import com.acme.measured.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/** Measures everything and prints the table; started by {@code benchmarks/run}. */
public final class Benchmarks {

    private static final Path TARGET = Path.of(System.getProperty("benchmarks.target"));
    private static final Set<String> PARTS = Set.of("jar", "start", "requests", "model", "scrape");
    /** The default of {@code poolscope.max.pools}; {@link Caps} has more. */
    private static final int POOLS = 50;
    /** One more than the default of {@code poolscope.max.routes}. */
    private static final int ROUTES = 31;

    private final boolean quick;
    private final List<Jdk> jdks;
    private final Table table = new Table();

    private Benchmarks(boolean quick) throws IOException {
        this.quick = quick;
        this.jdks = Jdk.all();
    }

    /** Runs it; the process ends with 1 if a figure missed its budget. */
    public static void main(String[] arguments) throws Exception {
        List<String> all = List.of(arguments);
        int only = all.indexOf("--only");
        Set<String> parts = only < 0 ? PARTS : Set.of(all.get(only + 1).split(","));
        if (!PARTS.containsAll(parts)) {
            System.err.println("benchmarks: --only wants some of " + PARTS + ", not " + parts);
            System.exit(2);
        }
        Benchmarks benchmarks = new Benchmarks(all.contains("--quick"));
        String before = benchmarks.circumstances();
        benchmarks.run(parts);
        String results = before + "\n" + benchmarks.table + "\n" + benchmarks.explanation();
        Files.writeString(TARGET.resolve("results.md"), results);
        System.out.println(results);
        System.exit(benchmarks.table.missed() == 0 ? 0 : 1);
    }

    private void run(Set<String> parts) throws Exception {
        if (parts.contains("jar")) {
            jar();
        }
        for (Jdk jdk : jdks) {
            if (parts.contains("start")) {
                start(jdk);
            }
            if (parts.contains("requests")) {
                for (Library library : Library.values()) {
                    requests(jdk, library);
                }
            }
            if (parts.contains("model")) {
                model(jdk, 1);
                model(jdk, 2);
            }
            if (parts.contains("scrape")) {
                for (Library library : Library.values()) {
                    scrape(jdk, library);
                }
            }
        }
    }

    private void jar() throws IOException {
        Path ours = Agent.POOLSCOPE.jar();
        Path theirs = Agent.OPENTELEMETRY.jar();
        table.row("size of the jar, MB")
                .ours(String.format(Locale.ROOT, "%.2f", Files.size(ours) / 1e6))
                .theirs(String.format(Locale.ROOT, "%.2f", Files.size(theirs) / 1e6))
                .atMost(10, Files.size(ours) / 1e6, "%.2f");
        long classes = classesAtRoot(ours);
        table.row("classes that the jar puts on the boot path or the class path")
                .ours(String.valueOf(classes))
                .theirs(String.valueOf(classesAtRoot(theirs)))
                .under(25, classes, "%.0f");
    }

    private static long classesAtRoot(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .count();
        }
    }

    /** A, B, C, D, A, B, C, D …, because the machine is not the same from one minute to the next. */
    private void start(Jdk jdk) throws IOException {
        int rounds = quick ? 7 : 21;
        // It takes many times as long as the others, and varies by less than it differs from them.
        int theirRounds = quick ? 2 : 7;
        Samples millis = new Samples();
        for (int round = -1; round < rounds; round++) {
            for (Agent agent : Agent.values()) {
                if (agent == Agent.OPENTELEMETRY && round >= theirRounds) {
                    continue;
                }
                double took = Child.millisToMain(jdk, agent.jvmArguments());
                // The round before the first fills the machine's caches.
                if (round >= 0) {
                    millis.add(agent, took);
                }
            }
        }
        table.row("time to main, no HTTP call, ms")
                .on(jdk)
                .of(millis, "%.0f")
                .atMost(60, millis.more(Agent.POOLSCOPE, Agent.EMPTY), "%.0f");
        Samples classes = new Samples();
        for (Agent agent : Agent.values()) {
            classes.add(agent, classesLoaded(jdk, agent));
        }
        table.row("classes loaded, no HTTP call").on(jdk).of(classes, "%.0f").informs();
    }

    private static long classesLoaded(Jdk jdk, Agent agent) throws IOException {
        Path log = TARGET.resolve("logs").resolve("classes.log");
        List<String> arguments = new ArrayList<>(agent.jvmArguments());
        arguments.add("-Xlog:class+load:file=" + log);
        Child.millisToMain(jdk, arguments);
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("source:")).count();
        }
    }

    private void requests(Jdk jdk, Library library) throws IOException {
        try (Server server = new Server(1)) {
            String url = server.origins().get(0) + "/";
            // What is not woven costs nothing and keeps every budget.
            if (memory(jdk, library, url)) {
                time(jdk, library, url);
            } else {
                table.row("cost of requests").on(jdk).with(library).failed("the agent does not watch this client");
            }
        }
    }

    /** In JVMs as they come: the first request, and those after it. */
    private void time(Jdk jdk, Library library, String url) throws IOException {
        int rounds = quick ? 3 : 9;
        int theirRounds = quick ? 1 : 3;
        List<String> first = List.of(url, "0", "0");
        List<String> many = quick ? List.of(url, "15000", "10000") : List.of(url, "30000", "40000");
        Samples firstCpu = new Samples();
        Samples cpu = new Samples();
        Samples clock = new Samples();
        for (int round = 0; round < rounds; round++) {
            for (Agent agent : List.of(Agent.NONE, Agent.POOLSCOPE, Agent.OPENTELEMETRY)) {
                boolean theirs = agent == Agent.OPENTELEMETRY;
                if (theirs && round >= theirRounds) {
                    continue;
                }
                boolean goesOn = theirs ? !quick : round < 5;
                List<String> arguments = goesOn ? many : first;
                try (Child child = Child.start(jdk, agent.jvmArguments(), Requests.class, library, arguments)) {
                    child.reached("first");
                    firstCpu.add(agent, child.cpu().toMillis() / 1e3);
                    if (goesOn) {
                        child.goOn();
                        String[] steady = child.reached("steady");
                        cpu.add(agent, Double.parseDouble(steady[1]));
                        clock.add(agent, Double.parseDouble(steady[2]));
                    }
                }
            }
        }
        table.row("CPU to the end of the first pooled request, s")
                .on(jdk)
                .with(library)
                .of(firstCpu, "%.2f")
                .atMost(1.7, firstCpu.median(Agent.POOLSCOPE), "%.2f");
        table.row("CPU of the requesting thread for a request, ns")
                .on(jdk)
                .with(library)
                .of(cpu, "%.0f")
                .atMostBeyondNoise(
                        400,
                        cpu.more(Agent.POOLSCOPE, Agent.NONE),
                        Math.max(cpu.spread(Agent.NONE), cpu.spread(Agent.POOLSCOPE)),
                        "%.0f");
        table.row("time of a request on the clock, ns")
                .on(jdk)
                .with(library)
                .of(clock, "%.0f")
                .informs();
    }

    /**
     * In JVMs whose compiler removes no allocations, because what the optimising one removes differs from run to run, by
     * more than what we allocate. So the bytes are exact, and the most that it can be.
     *
     * @return false if the agent has not woven the library, and nothing was written into the table
     */
    private boolean memory(Jdk jdk, Library library, String url) throws IOException {
        Samples bytes = new Samples();
        Samples heap = new Samples();
        Samples classes = new Samples();
        for (int round = 0; round < (quick ? 1 : 3); round++) {
            for (Agent agent : List.of(Agent.NONE, Agent.POOLSCOPE, Agent.OPENTELEMETRY)) {
                List<String> jvmArguments = new ArrayList<>(agent.jvmArguments());
                jvmArguments.add("-XX:TieredStopAtLevel=1");
                List<String> arguments = List.of(url, "5000", "12800");
                try (Child child = Child.start(jdk, jvmArguments, Requests.class, library, arguments)) {
                    child.reached("first");
                    child.goOn();
                    bytes.add(agent, Double.parseDouble(child.reached("steady")[0]));
                    child.goOn();
                    String[] rest = child.reached("rest");
                    heap.add(agent, Double.parseDouble(rest[0]) / 1e6);
                    classes.add(agent, Double.parseDouble(rest[1]));
                    if (agent == Agent.POOLSCOPE && !child.log().contains(" watches ")) {
                        return false;
                    }
                }
            }
        }
        table.row("allocated for a request, bytes")
                .on(jdk)
                .with(library)
                .of(bytes, "%.0f")
                .atMost(150, bytes.more(Agent.POOLSCOPE, Agent.NONE), "%.0f");
        table.row("heap after collection, MB")
                .on(jdk)
                .with(library)
                .of(heap, "%.1f")
                .atMost(8, heap.more(Agent.POOLSCOPE, Agent.NONE), "%.1f");
        table.row("classes loaded after requests")
                .on(jdk)
                .with(library)
                .of(classes, "%.0f")
                .informs();
        return true;
    }

    private void model(Jdk jdk, int threads) throws RunnerException {
        var options = new OptionsBuilder()
                .include(RequestPath.class.getName())
                .jvm(jdk.java().toString())
                .addProfiler(GCProfiler.class)
                .forks(quick ? 1 : 3)
                .threads(threads)
                .warmupIterations(quick ? 2 : 4)
                .warmupTime(TimeValue.milliseconds(quick ? 500 : 1000))
                .measurementIterations(quick ? 3 : 5)
                .measurementTime(TimeValue.milliseconds(quick ? 500 : 1000))
                .output(TARGET.resolve("logs")
                        .resolve("jmh-" + jdk.feature() + "-" + threads + ".log")
                        .toString())
                .build();
        double holderBytes = 0;
        double bytes = 0;
        Statistics nanos = null;
        for (RunResult result : new Runner(options).run()) {
            if (result.getPrimaryResult().getLabel().equals("holder")) {
                holderBytes = bytes(result);
            } else {
                bytes = bytes(result);
                nanos = result.getPrimaryResult().getStatistics();
            }
        }
        String where = threads == 1 ? "1 thread" : threads + " threads";
        table.row("model alone for a request (JMH), bytes, " + where)
                .on(jdk)
                .ours(String.format(Locale.ROOT, "%.0f", bytes - holderBytes))
                .atMost(150, bytes - holderBytes, "%.0f");
        table.row("model alone for a request (JMH), ns, " + where)
                .on(jdk)
                .ours(String.format(
                        Locale.ROOT, "%.0f (%.0f–%.0f)", nanos.getPercentile(50), nanos.getMin(), nanos.getMax()))
                .atMost(400, nanos.getPercentile(50), "%.0f");
    }

    private static double bytes(RunResult result) {
        return result.getSecondaryResults().values().stream()
                .filter(secondary -> secondary.getLabel().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(Result::getScore)
                .findFirst()
                .orElseThrow();
    }

    private void scrape(Jdk jdk, Library library) throws Exception {
        int port = freePort();
        List<String> arguments = new ArrayList<>(Agent.POOLSCOPE.jvmArguments());
        arguments.add("-Dpoolscope.port=" + port);
        arguments.add("-Dpoolscope.callsite.skip=com.acme.measured.http");
        try (Server server = new Server(ROUTES);
                Child child = Child.start(jdk, arguments, Caps.class, library, server.origins())) {
            child.reached("caps");
            Samples millis = new Samples();
            String page = "";
            for (int round = 0; round < (quick ? 10 : 30); round++) {
                long before = System.nanoTime();
                page = get("http://127.0.0.1:" + port + "/metrics");
                if (page == null) {
                    table.row("scrape at the caps").on(jdk).with(library).failed("nobody listens, see logs/Caps.log");
                    return;
                }
                millis.add(Agent.POOLSCOPE, (System.nanoTime() - before) / 1e6);
            }
            long series = page.lines().filter(line -> !line.startsWith("#")).count();
            table.row("scrape at the caps, series")
                    .on(jdk)
                    .with(library)
                    .ours(series + " (" + sources(page) + ")")
                    .under(6000, series, "%.0f");
            table.row("scrape at the caps, MB")
                    .on(jdk)
                    .with(library)
                    .ours(String.format(Locale.ROOT, "%.2f", page.length() / 1e6))
                    .atMost(1.5, page.length() / 1e6, "%.2f");
            table.row("scrape at the caps, ms")
                    .on(jdk)
                    .with(library)
                    .of(millis, "%.0f")
                    .atMost(50, millis.median(Agent.POOLSCOPE), "%.0f");
            child.goOn();
        }
    }

    /** How many pools and pool-routes the page tells apart. */
    private static String sources(String page) {
        Set<String> routes = page.lines()
                .filter(line -> line.contains("server_address=\""))
                .map(line -> label(line, "poolscope_pool_name") + " " + label(line, "server_address") + ":"
                        + label(line, "server_port"))
                .collect(Collectors.toSet());
        return values(page, "poolscope_pool_name").size() + " pools, " + routes.size() + " routes";
    }

    private static Set<String> values(String page, String name) {
        return page.lines()
                .filter(line -> line.contains(name + "=\""))
                .map(line -> label(line, name))
                .collect(Collectors.toSet());
    }

    private static String label(String line, String name) {
        int at = line.indexOf(name + "=\"");
        int value = at + name.length() + 2;
        return at < 0 ? "" : line.substring(value, line.indexOf('"', value));
    }

    /** The page once all pools are on it and it grows no more; null if that is not within twenty seconds. */
    private static String settled(String url) throws IOException, InterruptedException {
        long lines = -1;
        for (int attempt = 0; attempt < 40; attempt++) {
            Thread.sleep(500);
            try {
                String page = get(url);
                long now = page.lines().count();
                if (now == lines && values(page, "poolscope_pool_name").size() >= POOLS) {
                    return page;
                }
                lines = now;
            } catch (ConnectException notYet) {
                lines = -1;
            }
        }
        return null;
    }

    private static String get(String url) throws IOException {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String circumstances() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        String jvms = jdks.stream().map(jdk -> String.valueOf(jdk.feature())).collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "Poolscope %s, %s, %s run. %s %s, %d processors, load before %.2f, JDK %s.%n",
                System.getProperty("benchmarks.commit"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                quick ? "quick" : "full",
                system.getName(),
                system.getArch(),
                system.getAvailableProcessors(),
                system.getSystemLoadAverage(),
                jvms);
    }

    private String explanation() {
        return (table.missed() == 0
                        ? "Every budget that could be told was kept."
                        : "**Missed: " + table.missed() + ".**")
                + """
                 Cells: the median of all rounds (least–most). Counted is what the budget binds: for time to main the
                median difference between Poolscope and the empty agent in the same round, for bytes, heap and CPU of a
                request that between Poolscope and none, else Poolscope's own. The bytes are those of a compiler that
                removes no allocations, exact and the same in each run. CPU of a request is mostly the kernel's: where the
                rounds of one agent differ among each other by more than what is over the budget, the model alone decides.
                """;
    }
}

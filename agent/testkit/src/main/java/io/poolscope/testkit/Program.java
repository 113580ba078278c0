package io.poolscope.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The application that the agent is attached to: plays the scenarios it is told to. It knows nothing of Poolscope.
 *
 * <p>One line each, fields separated by tabs. In: {@code run key adapter version scenario server,server name=value…}, {@code go key}, {@code stats key},
 * {@code gc}, {@code exit}. Out, always with {@code kit} in front: {@code reached key moment fact=value…}, {@code done key fact=value…},
 * {@code failed key why}, {@code stats key active=… idle=… pending=…}.
 */
public final class Program {

    private final PrintStream out;
    private final Map<String, Stage> stages = new ConcurrentHashMap<>();

    private Program(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        new Program(out).obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        System.exit(0);
    }

    private void obey(BufferedReader orders) throws IOException, InterruptedException {
        say("ready");
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = line.split("\t", -1);
            switch (order[0]) {
                case "run":
                    run(order);
                    break;
                case "go":
                    stages.get(order[1]).goOn();
                    break;
                case "stats":
                    stats(order[1]);
                    break;
                case "gc":
                    System.gc();
                    break;
                case "exit":
                    return;
                default:
                    throw new IllegalArgumentException(line);
            }
        }
    }

    private void run(String[] order) {
        String key = order[1];
        Adapter adapter = Adapters.named(order[2]);
        Scenario scenario = Scenarios.withId(order[4]);
        Map<String, String> settings = new HashMap<>();
        for (int i = 6; i < order.length; i++) {
            int equals = order[i].indexOf('=');
            settings.put(order[i].substring(0, equals), order[i].substring(equals + 1));
        }
        List<String> servers = List.of(order[5].split(","));
        Stage stage = new Stage(
                adapter, order[3], servers, settings, (moment, facts) -> say("reached", key, moment, fields(facts)));
        stages.put(key, stage);
        Thread thread = new Thread(
                () -> {
                    try {
                        scenario.play(stage);
                        say("done", key, fields(stage.facts()));
                    } catch (Throwable e) {
                        say("failed", key, trace(e));
                    }
                },
                key);
        thread.setDaemon(true);
        thread.start();
    }

    /** Asked on a thread of its own: a pool's statistics may wait for the pool's lock. */
    private void stats(String key) {
        Thread thread = new Thread(
                () -> {
                    Client.PoolStats stats = stages.get(key).stats();
                    say(
                            "stats",
                            key,
                            "active=" + stats.active() + "\tidle=" + stats.idle() + "\tpending=" + stats.pending());
                },
                key + "/stats");
        thread.setDaemon(true);
        thread.start();
    }

    private void say(String... fields) {
        String line = "kit\t" + String.join("\t", fields);
        synchronized (out) {
            out.println(line);
        }
    }

    private static String fields(Map<String, Long> facts) {
        List<String> fields = new ArrayList<>();
        new TreeMap<>(facts).forEach((name, value) -> fields.add(name + "=" + value));
        return String.join("\t", fields);
    }

    private static String trace(Throwable e) {
        StringBuilder trace = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            trace.append(t == e ? "" : " caused by ").append(t.toString().replaceAll("\\s+", " "));
            StackTraceElement[] frames = t.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, 12); i++) {
                trace.append(" at ").append(frames[i]);
            }
        }
        return trace.toString();
    }
}

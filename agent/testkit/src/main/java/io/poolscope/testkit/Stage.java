package io.poolscope.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;

/** What a scenario finds when it is played: its client, its servers, and a way to say how far it is. */
public final class Stage {

    /** To whom a stage tells how far the play is. */
    interface Prompter {
        void reached(String moment, Map<String, Long> facts);
    }

    private final Adapter adapter;
    private final String version;
    private final List<String> servers;
    private final Map<String, String> settings;
    private final Prompter prompter;
    private final ThreadFactory threads = Executors.defaultThreadFactory();
    private final List<Client> clients = new CopyOnWriteArrayList<>();
    private final List<Object> kept = new CopyOnWriteArrayList<>();
    private final Map<String, Long> facts = new ConcurrentHashMap<>();
    private final SynchronousQueue<Boolean> signals = new SynchronousQueue<>();

    Stage(Adapter adapter, String version, List<String> servers, Map<String, String> settings, Prompter prompter) {
        this.adapter = adapter;
        this.version = version;
        this.servers = servers;
        this.settings = settings;
        this.prompter = prompter;
    }

    public Traits traits() {
        return adapter.traits(version);
    }

    /** A client whose pool is held against what is exported, and which stays alive. */
    public Client client(Options options) throws IOException {
        Client client = clientToDrop(options);
        clients.add(client);
        return client;
    }

    /** A client that the play is going to drop. */
    public Client clientToDrop(Options options) throws IOException {
        return adapter.open(options);
    }

    /** The address of something on the scenario's first server. */
    public String url(String path) {
        return url(0, path);
    }

    /** The address of something on one of the scenario's servers, in the order in which it named them. */
    public String url(int server, String path) {
        return servers.get(server) + path;
    }

    /** The address of the first server under another host name. */
    public String urlOfHost(String host, String path) {
        return servers.get(0).replace("127.0.0.1", host) + path;
    }

    /** Where one of the scenario's servers listens. */
    public InetSocketAddress address(int server) {
        URI uri = URI.create(servers.get(server));
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    public Trust trust() throws IOException {
        return Trust.of(java.nio.file.Paths.get(Objects.requireNonNull(settings.get("trust"), "trust")));
    }

    /** A setting of the run, such as the seed of a storm. */
    public long setting(String name, long otherwise) {
        String value = settings.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }

    public Random random() {
        return new Random(setting("seed", 1));
    }

    /** Keeps an object reachable until the JVM ends. */
    public <T> T keep(T object) {
        kept.add(object);
        return object;
    }

    /** Does something on a thread of its own, as an application's other thread would. */
    public <T> Future<T> background(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = threads.newThread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Notes something that the expectations ask for. */
    public void note(String name, long value) {
        facts.put(name, value);
    }

    /** Adds to a note. */
    public void count(String name) {
        facts.merge(name, 1L, Long::sum);
    }

    /** Says that a moment is reached, and goes on when what is expected there has been seen. */
    public void reach(String moment) throws InterruptedException {
        prompter.reached(moment, facts);
        signals.take();
    }

    /** Lets time pass, where the time itself is what the scenario is about. */
    public void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    void goOn() throws InterruptedException {
        signals.put(true);
    }

    Map<String, Long> facts() {
        return facts;
    }

    /** The statistics of all pools of the scenario, as one. */
    Client.PoolStats stats() {
        int active = 0;
        int idle = 0;
        int pending = 0;
        for (Client client : clients) {
            Client.PoolStats stats = client.stats();
            active += stats.active();
            idle += stats.idle();
            pending += stats.pending();
        }
        return new Client.PoolStats(active, idle, pending);
    }
}

package io.poolscope.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One thing that an application does with a client, and what must be seen of it: written once, for all clients. It is played in a forked JVM that has the
 * library and the agent, against servers that stand in the test's JVM; what is expected is asked in the test's JVM, of what arrived there.
 */
public final class Scenario {

    /** What is done with the client. */
    @FunctionalInterface
    public interface Play {
        void play(Stage stage) throws Exception;
    }

    /** The servers that a scenario can ask for. */
    public enum Server {
        /** Jetty, HTTP/1.1. */
        GOOD,
        /** Jetty, HTTP/1.1 over TLS. */
        TLS,
        /** Jetty, HTTP/2 over TLS. */
        HTTP2,
        /** Misbehaves on purpose. */
        BAD,
        /** Nobody listens there any more. */
        GONE,
        /** A forward proxy with tunnels, which leads every name to this machine and misbehaves by the name that is asked for. */
        PROXY
    }

    /** Scenarios of one phase are played at the same time; the next phase begins when all are done. */
    public enum Phase {
        TOGETHER,
        /** One client after the other, because it takes all the machine. */
        ALONE,
        /** At the very end and with one client only, because it uses up what the others need. */
        LAST
    }

    /** The moment after the play has ended. */
    public static final String END = "end";

    private final String title;
    private final List<Server> servers = new ArrayList<>();
    private final Map<String, BiConsumer<Expect, Traits>> moments = new LinkedHashMap<>();
    private Function<Traits, String> obstacle = traits -> null;
    private Play play = stage -> {};
    private Phase phase = Phase.TOGETHER;
    private boolean collecting;
    private boolean reconciled = true;

    private Scenario(String title) {
        this.title = title;
    }

    public static Scenario of(String title) {
        return new Scenario(title);
    }

    public Scenario on(Server... kinds) {
        servers.addAll(List.of(kinds));
        return this;
    }

    /** Why it cannot be played with such a client, or null if it can. */
    public Scenario unless(Function<Traits, String> why) {
        this.obstacle = why;
        return this;
    }

    public Scenario play(Play what) {
        this.play = what;
        return this;
    }

    /** What must be seen when the play reaches this moment; it goes on only then. */
    public Scenario at(String moment, BiConsumer<Expect, Traits> expectation) {
        moments.put(moment, expectation);
        return this;
    }

    /** What must be seen when the play has ended. */
    public Scenario atEnd(BiConsumer<Expect, Traits> expectation) {
        return at(END, expectation);
    }

    public Scenario in(Phase when) {
        this.phase = when;
        return this;
    }

    /** The garbage collector must have run before what is seen means anything. */
    public Scenario collecting() {
        this.collecting = true;
        return this;
    }

    /** The pool is gone at the end: there is nothing to hold the exported counts against. */
    public Scenario withoutPoolAtEnd() {
        this.reconciled = false;
        return this;
    }

    public String title() {
        return title;
    }

    public String id() {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    }

    public List<Server> servers() {
        return servers;
    }

    public String obstacle(Traits traits) {
        return traits.absent() != null ? traits.absent() : obstacle.apply(traits);
    }

    public void play(Stage stage) throws Exception {
        play.play(stage);
    }

    public Phase phase() {
        return phase;
    }

    public boolean isCollecting() {
        return collecting;
    }

    /** What must be seen at a moment, what holds at the end of every scenario included. */
    public Expect expectation(String moment, Traits traits) {
        BiConsumer<Expect, Traits> expectation = moments.get(moment);
        if (expectation == null) {
            throw new IllegalArgumentException("'" + title + "' expects nothing at '" + moment + "'");
        }
        Expect expect = new Expect();
        expectation.accept(expect, traits);
        if (moment.equals(END) && reconciled) {
            reconcile(expect, traits);
        }
        return expect;
    }

    /** No drift, ever: the exported counts equal the pool's own. */
    private static void reconcile(Expect expect, Traits traits) {
        Amount none = Amount.exactly(0);
        expect.exported(
                "active connections over the pool's own",
                // What is lost before it was opened is the pool's own all the same.
                traits.doesLoseGrants() ? Amount.atMost(0) : none,
                v -> v.standing(Contract.OPEN_CONNECTIONS, Contract.CONNECTION_STATE, "active") - v.pool("active"));
        expect.exported(
                "idle connections over the pool's own",
                none,
                v -> v.standing(Contract.OPEN_CONNECTIONS, Contract.CONNECTION_STATE, "idle") - v.pool("idle"));
        expect.exported(
                "leases over the pool's own active connections",
                none,
                v -> v.having(Contract.ACTIVE, Contract.PROTOCOL_VERSION) > 0
                        ? 0
                        : v.standing(Contract.ACTIVE) - v.pool("active"));
        expect.exported(
                "pending requests over the pool's own",
                traits.doesCountCancelledWaits() ? Amount.atMost(0) : none,
                v -> v.standing(Contract.PENDING) - v.pool("pending"));
        expect.exported(
                "connections opened, less closed, less still open",
                none,
                v -> v.recorded(Contract.CREATE_TIME)
                        - v.recorded(Contract.CREATE_TIME, Contract.ERROR_TYPE, "*")
                        - v.counted(Contract.CLOSES)
                        - v.standing(Contract.OPEN_CONNECTIONS));
        expect.exported(
                "leases granted, less ended, less still out",
                none,
                // A lease that leaked has no time of use, also if the library frees its connection in the end.
                v -> v.counted(Contract.GRANTED)
                        - v.recorded(Contract.USE_TIME)
                        - v.standing(Contract.ACTIVE)
                        - (v.counted(Contract.LEAKS) - v.standing(Contract.LEAKED)));
    }
}

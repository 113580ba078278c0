package io.poolscope.testkit;

import static io.poolscope.testkit.Amount.exactly;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What must be seen of a scenario. Two sorts: what is <em>true</em> (the pool's own statistics, the servers' observations, what the scenario noted), which
 * holds with and without an agent and proves that the scenario does what it says; and what must be <em>exported</em>, which nothing but the agent can meet.
 */
public final class Expect {

    /** One expectation. */
    public static final class Check {
        private final String what;
        private final boolean truth;
        private final Amount amount;
        private final ToDoubleFunction<View> value;

        Check(String what, boolean truth, Amount amount, ToDoubleFunction<View> value) {
            this.what = what;
            this.truth = truth;
            this.amount = amount;
            this.value = value;
        }

        /** Whether it holds of the library and not of the agent. */
        public boolean truth() {
            return truth;
        }

        /** What differs, or null if nothing does. */
        public String unmet(View view) {
            double seen = value.applyAsDouble(view);
            return amount.holds(seen) ? null : what + ": expected " + amount + ", seen " + Amount.plain(seen);
        }
    }

    private final List<Check> checks = new ArrayList<>();

    public List<Check> checks() {
        return checks;
    }

    // what is true

    public Expect pool(int active, int idle, int pending) {
        return pool(active, exactly(idle), pending);
    }

    public Expect pool(int active, Amount idle, int pending) {
        truth("the pool's own active", exactly(active), view -> view.pool("active"));
        truth("the pool's own idle", idle, view -> view.pool("idle"));
        return truth("the pool's own pending", exactly(pending), view -> view.pool("pending"));
    }

    public Expect fact(String name, double value) {
        return fact(name, exactly(value));
    }

    public Expect fact(String name, Amount amount) {
        return truth("noted " + name, amount, view -> view.fact(name));
    }

    public Expect server(String which, double value) {
        return server(which, exactly(value));
    }

    public Expect server(String which, Amount amount) {
        return truth("the server's " + which, amount, view -> view.server(which));
    }

    /** As {@link #server(String, double)}, of one of the scenario's servers. */
    public Expect server(int server, String which, double value) {
        return truth("server " + server + "'s " + which, exactly(value), view -> view.server(server, which));
    }

    // what must be exported

    public Expect counted(String metric, double value, String... attributes) {
        return counted(metric, exactly(value), attributes);
    }

    public Expect counted(String metric, Amount amount, String... attributes) {
        return exported(named(metric, attributes), amount, view -> view.counted(metric, attributes));
    }

    public Expect recorded(String metric, double value, String... attributes) {
        return recorded(metric, exactly(value), attributes);
    }

    public Expect recorded(String metric, Amount amount, String... attributes) {
        return exported("count of " + named(metric, attributes), amount, view -> view.recorded(metric, attributes));
    }

    public Expect total(String metric, Amount amount, String... attributes) {
        return exported("sum of " + named(metric, attributes), amount, view -> view.total(metric, attributes));
    }

    public Expect standing(String metric, double value, String... attributes) {
        return standing(metric, exactly(value), attributes);
    }

    public Expect standing(String metric, Amount amount, String... attributes) {
        return exported(named(metric, attributes), amount, view -> view.standing(metric, attributes));
    }

    public Expect ofPool(String metric, double value, String... attributes) {
        return exported("pool's " + named(metric, attributes), exactly(value), view -> view.ofPool(metric, attributes));
    }

    public Expect event(String name, double value, String... attributes) {
        return event(name, exactly(value), attributes);
    }

    public Expect event(String name, Amount amount, String... attributes) {
        return exported("log event " + named(name, attributes), amount, view -> view.events(name, attributes));
    }

    public Expect span(String name, Amount amount) {
        return exported("span " + name, amount, view -> view.spans(name));
    }

    public Expect line(String regex, Amount amount) {
        return exported("line on stderr /" + regex + "/", amount, view -> view.lines(regex));
    }

    public Expect exported(String what, Amount amount, ToDoubleFunction<View> value) {
        checks.add(new Check(what, false, amount, value));
        return this;
    }

    private Expect truth(String what, Amount amount, ToDoubleFunction<View> value) {
        checks.add(new Check(what, true, amount, value));
        return this;
    }

    private static String named(String metric, String... attributes) {
        StringBuilder name = new StringBuilder(metric);
        for (int i = 0; i < attributes.length; i += 2) {
            name.append(i == 0 ? "{" : ",").append(attributes[i]).append('=').append(attributes[i + 1]);
        }
        return (attributes.length == 0 ? name : name.append('}')).toString();
    }
}

package io.poolscope.engine.start;

import io.poolscope.engine.report.Notices;
import io.poolscope.engine.weaving.Weaver;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Where the launcher hands over: everything behind this class lives in the agent's own loader.
 *
 * <p>What happens here happens in every program, most of which make no HTTP call: settings are read and a transformer is
 * registered. All the rest waits for the first class of a watched library ({@link Watch}).
 */
public final class Engine implements BiConsumer<Instrumentation, String[]> {

    /** For the launcher. */
    public Engine() {}

    /**
     * Starts the agent; called once, by the launcher, before the application's {@code main}.
     *
     * @param instrumentation the JVM's instrumentation service
     * @param handedOver what stood behind {@code =} on the command line, or null; and the path of the jar that the agent was
     *     started from
     */
    @Override
    public void accept(Instrumentation instrumentation, String[] handedOver) {
        Settings settings = Settings.read(handedOver[0]);
        if (settings.is(Setting.ENABLED)) {
            Wanted wanted = new Wanted(settings);
            Weaver weaver = new Weaver(instrumentation, wanted, new Watch(settings, new File(handedOver[1])));
            wanted.warnOfUnknown();
            weaver.install();
        }
    }

    /** No lambda: its first use would cost every start tens of milliseconds. */
    private static final class Wanted implements Predicate<String> {

        private final Settings settings;
        private final Set<String> known = new TreeSet<>();

        Wanted(Settings settings) {
            this.settings = settings;
        }

        @Override
        public boolean test(String client) {
            known.add(client);
            return settings.isEnabled(client);
        }

        /** Clients that a setting names and that there are none of. */
        void warnOfUnknown() {
            for (String named : settings.clientsNamed()) {
                if (!known.contains(named)) {
                    Notices.warn(Setting.PREFIX + "instrumentation." + named + ".enabled names no client ("
                            + String.join(", ", known) + ")");
                }
            }
        }
    }
}

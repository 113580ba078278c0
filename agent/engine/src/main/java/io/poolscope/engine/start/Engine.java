package io.poolscope.engine.start;

import java.io.File;
import java.lang.instrument.Instrumentation;

/** Where the launcher hands over: everything behind this class lives in the agent's own loader. */
public final class Engine {

    private Engine() {}

    /**
     * Starts the agent; called once, by the launcher, before the application's {@code main}.
     *
     * @param instrumentation the JVM's instrumentation service
     * @param arguments what stood behind {@code =} on the command line, or null
     * @param agentJar the jar that the agent was started from
     */
    public static void start(Instrumentation instrumentation, String arguments, File agentJar) {}
}

package io.poolscope.benchmarks;

import java.lang.instrument.Instrumentation;

/** An agent that does nothing: what the JVM itself takes for having one that may retransform classes. */
public final class EmptyAgent {

    private EmptyAgent() {}

    /** Does nothing. */
    public static void premain(String arguments, Instrumentation instrumentation) {}
}

/**
 * Programs for the bad days: applications that look, load, attach and are instrumented by others in ways that an agent
 * has to survive. They run in a forked JVM, with the agent and without, and say the same both times.
 */
package io.poolscope.testkit.baddays;

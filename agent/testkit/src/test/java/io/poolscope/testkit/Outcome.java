package io.poolscope.testkit;

import java.util.List;

/**
 * What came of one scenario with one client.
 *
 * @param run the library's version and the JVM
 * @param obstacle why it was not played, or null
 * @param untrue what differs from what is true of the library itself: the kit or the library is not what it was thought to be
 * @param unmet what differs of what the agent should have exported
 * @param details all that was seen, where something differs
 */
record Outcome(
        String run,
        String client,
        Scenario scenario,
        String obstacle,
        List<String> untrue,
        List<String> unmet,
        String details) {

    boolean passed() {
        return obstacle == null && untrue.isEmpty() && unmet.isEmpty();
    }

    String explanation() {
        StringBuilder text = new StringBuilder("'" + scenario.title() + "' with " + client + " of " + run + ":");
        untrue.forEach(line -> text.append("\n  not true of the library: ").append(line));
        unmet.forEach(line -> text.append("\n  not exported: ").append(line));
        return text.append("\n").append(details).toString();
    }
}

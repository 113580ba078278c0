package io.poolscope.engine.leaks;

/**
 * How many connections a load needs: Erlang's formula for a queue with as many servers as connections, arrivals at random
 * and times of use as they are (https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_C_formula).
 */
final class Queueing {

    private static final int MOST = 10_000;

    private Queueing() {}

    /**
     * The fewest connections with which a request waits longer than {@code patience} with at most this probability.
     *
     * @param busy how many connections are busy on average: requests a second times their time of use in seconds
     * @param use the mean time of use
     * @param patience in the unit of {@code use}
     */
    static int connections(double busy, double use, double patience, double probability) {
        int connections = Math.max(1, (int) Math.floor(busy) + 1);
        while (connections < MOST && waitsLonger(connections, busy, use, patience) > probability) {
            connections++;
        }
        return connections;
    }

    private static double waitsLonger(int connections, double busy, double use, double patience) {
        double blocked = 1; // Erlang B, by its recursion
        for (int n = 1; n <= connections; n++) {
            blocked = busy * blocked / (n + busy * blocked);
        }
        double waits = blocked / (1 - busy / connections * (1 - blocked));
        return waits * Math.exp(-(connections - busy) * patience / use);
    }
}

package io.poolscope.testkit;

/**
 * What can be seen of one scenario at one moment: what the agent exported (only the series of the scenario's own servers), what the pool says of itself,
 * what the servers saw and what the scenario noted. Attributes are given as name, value, name, value; a value may list alternatives: {@code stale|server_closed}.
 */
public interface View {

    /** A counter: the sum over the last value of each series, those of pools that are gone included. */
    double counted(String metric, String... attributes);

    /** A histogram: how many values were recorded. */
    double recorded(String metric, String... attributes);

    /** A histogram: the sum of what was recorded. */
    double total(String metric, String... attributes);

    /** A gauge or an up-down counter: the sum over the series of the newest export; what is not there counts nothing. */
    double standing(String metric, String... attributes);

    /** As {@link #standing}, for what is said of a pool without a route. */
    double ofPool(String metric, String... attributes);

    /** How many series of a metric have this attribute. */
    double having(String metric, String attribute);

    /** How many different values the attribute has on the series of a metric, over the scenario's pools. */
    double different(String metric, String attribute);

    /** A counter, summed over all series of the scenario's pools, whatever their route. */
    double countedInPool(String metric, String... attributes);

    /** A counter, summed over the whole process, as the difference to where it stood when the scenario began. */
    double countedInProcess(String metric, String... attributes);

    /** Log records with this event name. */
    double events(String name, String... attributes);

    /** Spans whose name is this one with the server's host and port behind it. */
    double spans(String name);

    /** Lines on the agent's standard error that match and name the server's port. */
    double lines(String regex);

    /** What the scenario noted; 0 for what it did not. */
    double fact(String name);

    /** The pool's own statistics: {@code active}, {@code idle} or {@code pending}. */
    double pool(String which);

    /** What the servers saw: {@code connections}, {@code requests} or {@code concurrent}. */
    double server(String which);

    /** What one of the servers saw. */
    double server(int server, String which);

    /** Where one of the servers listens: {@code 127.0.0.1:41873}. */
    String address(int server);

    /** The port at which one of the servers listens. */
    String port(int server);
}

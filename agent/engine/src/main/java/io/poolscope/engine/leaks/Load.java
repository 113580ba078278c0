package io.poolscope.engine.leaks;

import io.poolscope.model.Count;
import io.poolscope.model.Histogram;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.Collection;

/** What some routes had counted and timed at a moment, or between two moments. Durations are in nanoseconds. Immutable. */
final class Load {

    /** When, as {@link System#nanoTime()}; of a difference, its length. */
    final long time;
    /** Requests that asked for a connection, whatever they got. */
    final double asked;

    final double openedNew;
    final double reused;
    final double uses;
    final double useTime;
    final double creates;
    final double createTime;
    final double drains;
    final double drainTime;
    final double discarded;
    final double answers;
    final double responseTime;

    private Load(
            long time,
            double asked,
            double openedNew,
            double reused,
            double[] use,
            double[] create,
            double[] drain,
            double[] response,
            double discarded) {
        this.time = time;
        this.asked = asked;
        this.openedNew = openedNew;
        this.reused = reused;
        this.uses = use[0];
        this.useTime = use[1];
        this.creates = create[0];
        this.createTime = create[1];
        this.drains = drain[0];
        this.drainTime = drain[1];
        this.discarded = discarded;
        this.answers = response[0];
        this.responseTime = response[1];
    }

    /** Of these routes together, now. */
    static Load of(Collection<Route> routes, long now) {
        double asked = 0;
        double openedNew = 0;
        double reused = 0;
        double discarded = 0;
        double[] use = new double[2];
        double[] create = new double[2];
        double[] drain = new double[2];
        double[] wait = new double[2];
        double[] response = new double[2];
        for (Route route : routes) {
            openedNew += route.count(Count.GRANTED_NEW);
            reused += route.count(Count.GRANTED_REUSED);
            discarded += route.count(Count.UNDRAINED_DISCARDED);
            asked += route.count(Count.PENDING) + route.count(Count.WAIT_CANCELLED) + route.count(Count.WAIT_FAILED);
            add(wait, route.timing(Timing.WAIT_SUCCESS));
            add(wait, route.timing(Timing.WAIT_TIMEOUT));
            add(use, route.timing(Timing.USE));
            add(create, route.timing(Timing.CREATE));
            add(drain, route.timing(Timing.DRAIN));
            add(response, route.timing(Timing.RESPONSE));
        }
        return new Load(now, asked + wait[0], openedNew, reused, use, create, drain, response, discarded);
    }

    private static void add(double[] countAndSum, Histogram histogram) {
        if (histogram != null) {
            for (long count : histogram.counts()) {
                countAndSum[0] += count;
            }
            countAndSum[1] += histogram.sum();
        }
    }

    /** What came since an earlier moment. */
    Load since(Load before) {
        return new Load(
                time - before.time,
                asked - before.asked,
                openedNew - before.openedNew,
                reused - before.reused,
                new double[] {uses - before.uses, useTime - before.useTime},
                new double[] {creates - before.creates, createTime - before.createTime},
                new double[] {drains - before.drains, drainTime - before.drainTime},
                new double[] {answers - before.answers, responseTime - before.responseTime},
                discarded - before.discarded);
    }

    /** Leases on which a request was sent. */
    double granted() {
        return openedNew + reused;
    }

    /** Requests a second, of a difference. */
    double rate() {
        return time <= 0 ? 0 : asked * 1e9 / time;
    }

    /** How long the responses took on average, in nanoseconds; -1 if there was none. */
    long meanResponse() {
        return answers < 1 ? -1 : (long) (responseTime / answers);
    }
}

package io.poolscope.engine.leaks;

import io.poolscope.engine.leaks.Holders.Doing;
import io.poolscope.engine.report.Text;
import java.util.List;

/**
 * Why nobody gets a connection, with the numbers that it rests on. What is more certain comes first: leaks; then what the
 * holders do at this moment; then what the load needs. Immutable.
 */
final class Cause {

    private static final long MS = 1_000_000L;
    private static final double SECOND = 1e9;
    /** A response that takes longer than this is slow even if it always was. */
    private static final long SLOW = 1_000 * MS;
    /** Of fewer requests no share is told. */
    private static final int FEW = 20;
    /** A connection that two requests happen to want at once has not been held for so long without being read. */
    private static final long FORGOTTEN = 10_000 * MS;
    /** In how long those who wait already should have had their turn, in nanoseconds. */
    private static final double SOON = 10_000 * MS;
    /** The wait that nine hundred and ninety of a thousand requests should stay under. */
    private static final double PATIENCE = 10 * MS;

    /** {@code leak}, {@code slow upstream}, {@code slow reader}, {@code churn}, {@code pool too small} or {@code unclear}. */
    final String name;

    final String why;
    final List<String> mend;

    private Cause(String name, String why, List<String> mend) {
        this.name = name;
        this.why = why;
        this.mend = mend;
    }

    /**
     * Finds it.
     *
     * @param recent what came in the last minute
     * @param earlier what came in half a minute some time ago, null if that is not known
     * @param age how long ago that was, in nanoseconds
     */
    static Cause of(
            Limits limits, Holders holders, Load recent, Load earlier, long age, Advice advice, boolean isBounded) {
        int lost = holders.count(Doing.LEAKED);
        int held = holders.count(Doing.HELD);
        if (isBounded && lost + held > 0 && (lost + held) * 3L >= holders.count()) {
            return leak(lost, held, holders, advice);
        }
        long mean = recent.meanResponse();
        int waiting = holders.count(Doing.WAITING);
        if (waiting * 2L >= holders.count() && waiting > 0) {
            Cause slow = slowUpstream(mean, waiting, holders, recent, earlier, age, advice);
            if (slow != null) {
                return slow;
            }
        }
        double use = recent.uses == 0 ? 0 : recent.useTime / recent.uses;
        boolean isChurn = recent.granted() >= FEW
                && recent.openedNew > 0.5 * recent.granted()
                && recent.createTime > 0.3 * recent.useTime;
        if (isChurn) {
            return new Cause(
                    "churn",
                    Text.percent(recent.openedNew, recent.granted()) + " of the requests opened a new connection, "
                            + Text.duration((long) (recent.createTime / Math.max(1, recent.creates)))
                            + " each, " + Text.percent(recent.createTime, recent.useTime)
                            + " of the time that they had it",
                    advice.drain());
        }
        int reading = holders.count(Doing.READING);
        if ((reading + held) * 2L >= holders.count() && mean >= 0 && use > 3.0 * mean && use > PATIENCE) {
            return new Cause(
                    "slow reader",
                    "the response came after " + Text.duration(mean) + " on average, but its connection was kept for "
                            + Text.duration((long) use) + " on average",
                    advice.readFirst());
        }
        return tooSmall(limits, holders, recent, use, advice);
    }

    /** A request found the only connection of its manager out. */
    static Cause ofRefusal(Holders holders, Advice advice) {
        if (holders.count(Doing.LEAKED) > 0) {
            return new Cause(
                    "leak", "the only connection never comes back, and every request is refused", advice.close());
        }
        if (holders.oldest(Doing.HELD) > FORGOTTEN) {
            return new Cause("leak", "the only connection is held without being read", advice.readFirst());
        }
        return new Cause(
                "pool too small",
                "a manager of one connection serves one request after the other, not two at a time",
                advice.pool());
    }

    private static Cause leak(int lost, int held, Holders holders, Advice advice) {
        boolean isCertain = lost >= held;
        String why = isCertain
                ? "a larger pool would only take longer to fill"
                : held + " of " + holders.count()
                        + " are held without being read; a larger pool would only take longer to fill";
        return new Cause("leak", why, isCertain ? advice.close() : advice.readFirst());
    }

    private static Cause slowUpstream(
            long mean, int waiting, Holders holders, Load recent, Load earlier, long age, Advice advice) {
        long before = earlier == null ? -1 : earlier.meanResponse();
        long oldest = holders.oldest(Doing.WAITING);
        String who =
                waiting + " of " + holders.count() + " wait for the response, the oldest for " + Text.duration(oldest);
        if (before > 0 && mean >= 2 * before) {
            boolean isSameRate = Math.abs(recent.rate() - earlier.rate()) <= 0.25 * earlier.rate();
            return new Cause(
                    "slow upstream",
                    "the response took " + Text.duration(mean) + " on average, " + Text.duration(before) + " "
                            + Text.duration(age) + " ago, at "
                            + (isSameRate
                                    ? "the same rate"
                                    : Text.about(recent.rate()) + " requests/s, " + Text.about(earlier.rate())
                                            + " then"),
                    advice.giveUpEarlier());
        }
        if (mean < 0 && oldest >= SLOW) {
            return new Cause("slow upstream", who + "; none came in the last minute", advice.giveUpEarlier());
        }
        if (oldest >= SLOW && oldest > 5 * mean) {
            return new Cause(
                    "slow upstream",
                    who + "; they took " + Text.duration(mean) + " on average until now",
                    advice.giveUpEarlier());
        }
        if (before < 0 && mean >= SLOW) {
            return new Cause(
                    "slow upstream",
                    "the response takes " + Text.duration(mean) + " on average",
                    advice.giveUpEarlier());
        }
        return null;
    }

    private static Cause tooSmall(Limits limits, Holders holders, Load recent, double use, Advice advice) {
        double busy = recent.rate() * use / SECOND;
        // Who waits in a thread of a pool of threads asks for nothing else meanwhile: the rate alone tells too little.
        long waiting = limits.waiting();
        double busyWithThose = busy + waiting * use / SOON;
        if (limits.limit() > 0 && busyWithThose >= 0.5 * limits.limit() && recent.uses >= FEW) {
            int enough = Queueing.connections(busyWithThose, use, PATIENCE, 0.01);
            if (enough > limits.limit()) {
                boolean isBacklog = busyWithThose >= busy + 1;
                return new Cause(
                        "pool too small",
                        Text.about(recent.rate()) + " requests/s x " + Text.about(use / SECOND) + " s would keep "
                                + Text.count(Math.round(busy), "connection") + " busy on average"
                                + (isBacklog ? ", the " + Text.number(waiting) + " that wait some more: " : ", ")
                                + enough + " for a p99 wait of 10 ms; " + limits.name() + " is " + limits.limit(),
                        limits.isOwn() ? advice.enlargeRoute(enough) : advice.enlarge(enough, limits.isTotal()));
            }
        }
        return new Cause(
                "unclear",
                holders.count() == 0
                        ? "nobody is seen to hold a connection at this moment: a burst that is over"
                        : "the numbers name none; the oldest of those above is where to look",
                List.of());
    }
}

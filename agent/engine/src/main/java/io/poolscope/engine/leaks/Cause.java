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
        if (limits.limit() > 0 && busy >= 0.5 * limits.limit() && recent.uses >= FEW) {
            int enough = Queueing.connections(busy, use, PATIENCE, 0.01);
            if (enough > limits.limit()) {
                return new Cause(
                        "pool too small",
                        Text.about(recent.rate()) + " requests/s x " + Text.about(use / SECOND) + " s would keep "
                                + Text.count(Math.round(busy), "connection") + " busy on average, " + enough
                                + " for a p99 wait of 10 ms; the limit is " + limits.limit(),
                        advice.enlarge(enough, limits.isTotal()));
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

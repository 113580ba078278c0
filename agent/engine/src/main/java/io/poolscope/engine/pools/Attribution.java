package io.poolscope.engine.pools;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides an exact count among the sites that were seen in a sample of it.
 *
 * <p>A sample stands for what was counted since the one before. What is given to a site is never taken back, so its
 * counter is monotonic; what one site got too much of is made up for by giving what comes next to the others: each gets
 * what it lacks of its share. The sum of what was given is the exact count, one call later at most. Confined to a thread.
 */
final class Attribution {

    /** So many sites are told apart. */
    private static final int SITES = 64;
    /** The site of what is past that. */
    static final Site OTHERS = new Site(SiteSeries.OTHER, SiteSeries.OTHER, "", -1, "", List.of());

    /** Takes in what a site is given. */
    interface Receiver {
        void given(Site site, long count);
    }

    private static final class Share {
        double weight;
        long given;
        int samples;
    }

    private final Map<Site, Share> shares = new LinkedHashMap<>();
    private int samples;
    /** The exact count at the latest sample: the sum of all weights, but for {@link #unseen}. */
    private long weighed;
    /** Given to nobody known, because there was no sample. */
    private long unseen;

    private long given;
    /** The exact count at the call before. */
    private long before;

    /** One of those counted was at this site. */
    void sample(Site site) {
        Share share = shares.get(site);
        if (share == null) {
            share = shares.computeIfAbsent(shares.size() < SITES ? site : OTHERS, unused -> new Share());
        }
        share.samples++;
        samples++;
    }

    /**
     * Gives out what was counted.
     *
     * @param exact the count now
     * @param isLast whether nothing more will come, so that nothing is worth waiting for
     */
    void settle(long exact, boolean isLast, Receiver receiver) {
        // Sampling precedes counting by a moment: what has just been sampled may be counted the next time.
        if (samples > 0 && exact > weighed) {
            double weight = (exact - weighed) / (double) samples;
            for (Share share : shares.values()) {
                share.weight += weight * share.samples;
                share.samples = 0;
            }
            weighed = exact;
            give(exact - given, receiver);
            samples = 0;
        } else {
            // What was sampled and counted since the caller took in samples has its sample by the next time.
            give((isLast ? exact : Math.min(before, exact)) - given, receiver);
        }
        before = exact;
    }

    private void give(long due, Receiver receiver) {
        if (due <= 0) {
            return;
        }
        given += due;
        double weights = 0;
        for (Share share : shares.values()) {
            weights += share.weight;
        }
        if (weights == 0) {
            unseen += due;
            weighed += due;
            receiver.given(Site.UNKNOWN, due);
            return;
        }
        double scale = (given - unseen) / weights;
        double lacking = 0;
        for (Share share : shares.values()) {
            lacking += lack(share, scale);
        }
        long left = due;
        for (Map.Entry<Site, Share> entry : shares.entrySet()) {
            double lack = lack(entry.getValue(), scale);
            long part = lacking == 0 ? 0 : Math.min(left, (long) Math.floor(due * lack / lacking));
            left -= part;
            hand(entry, part, receiver);
        }
        // What rounding leaves over goes one by one to whoever lacks most: fewer than there are sites.
        while (left > 0) {
            Map.Entry<Site, Share> most = null;
            for (Map.Entry<Site, Share> entry : shares.entrySet()) {
                if (most == null || lack(entry.getValue(), scale) > lack(most.getValue(), scale)) {
                    most = entry;
                }
            }
            long part = lacking == 0 ? left : 1;
            hand(most, part, receiver);
            left -= part;
        }
    }

    private static void hand(Map.Entry<Site, Share> entry, long count, Receiver receiver) {
        if (count > 0) {
            entry.getValue().given += count;
            receiver.given(entry.getKey(), count);
        }
    }

    private static double lack(Share share, double scale) {
        return Math.max(0, share.weight * scale - share.given);
    }
}

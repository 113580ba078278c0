package io.poolscope.engine.leaks;

import io.poolscope.engine.report.Text;

/**
 * Something that happens again and again at one place, and when it is told: the first time at once, then once a window.
 * Confined to the engine's thread.
 */
class Case {

    /** Since the start. */
    private long total;
    /** Since it was told last. */
    private long fresh;
    /** Wall clock, in milliseconds. */
    private long first;

    private long last;
    private boolean isTold;
    private long toldAt;
    /** When it may be tried again, if there was no room for it. */
    private long notBefore;

    private boolean isDelayed;

    /** It happened so many times more; {@code at} by the wall clock. */
    final void add(long count, long at) {
        if (total == 0) {
            first = at;
        }
        last = at;
        total += count;
        fresh += count;
    }

    /** Whether there is something to tell, and it is time for it. */
    final boolean isDue(long now, long window) {
        if (fresh == 0 || (isDelayed && now - notBefore < 0)) {
            return false;
        }
        return !isTold || now - toldAt >= window;
    }

    /** It has been told, or there was no room for it, which is tried again a window later. */
    final void told(boolean hadRoom, long now, long window) {
        if (hadRoom) {
            isTold = true;
            toldAt = now;
            fresh = 0;
        }
        isDelayed = !hadRoom;
        notBefore = now + window;
    }

    /** It need not be told again for a window. */
    final void passedOver(long now) {
        toldAt = now;
        fresh = 0;
    }

    /** How often: {@code 3 in 60 s, 17 in all}, or {@code 3 so far} if it is told for the first time. */
    final String times(long now) {
        if (!isTold) {
            return Text.number(total) + " so far";
        }
        return Text.number(fresh) + " in " + Text.duration(now - toldAt) + ", " + Text.number(total) + " in all";
    }

    /** For how long {@link #fresh} has been counted, in nanoseconds. */
    final long elapsed(long now) {
        return now - toldAt;
    }

    final boolean isTold() {
        return isTold;
    }

    final long total() {
        return total;
    }

    final long fresh() {
        return fresh;
    }

    final long first() {
        return first;
    }

    final long last() {
        return last;
    }
}

package io.poolscope.engine.page;

import io.poolscope.engine.pools.Buckets;
import io.poolscope.engine.pools.Inventory;
import io.poolscope.engine.pools.PoolSeries;
import io.poolscope.engine.pools.RouteSeries;
import io.poolscope.engine.pools.Sums;
import io.poolscope.engine.report.Json;
import io.poolscope.model.CloseReason;
import io.poolscope.model.Count;
import io.poolscope.model.Route;
import io.poolscope.model.Timing;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each pair of pool and route did in the last quarter of an hour, in cells of five seconds, and what was counted in the
 * last minute.
 *
 * <p>A cell holds the most that was seen in it, at twenty looks: a pool that was full for half a second has been full. It
 * goes round in arrays of a fixed size: about 6 KB for each pair that is told (of which there are 30 at most, unless a
 * setting says otherwise), nothing for those that are not. Thread-safe: the engine's thread writes; the lock is held for
 * microseconds, and no woven code knows of it.
 */
final class TimeLine {

    /** Nanoseconds of a cell. */
    static final long STEP = 5_000_000_000L;
    /** So many cells make a quarter of an hour. */
    static final int CELLS = 180;
    /** So many make the last minute. */
    private static final int MINUTE = 12;

    private static final CloseReason[] REASONS = CloseReason.values();

    // What is counted, in the order in which it stands in the arrays of a minute: closes and histograms behind.
    private static final int NEW = 0;
    private static final int REUSED = 1;
    private static final int TIMEOUTS = 2;
    private static final int CLOSES = 3;
    private static final int WAITS = CLOSES + REASONS.length;

    private final Inventory inventory;
    private final long began;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    /** The number of the cell that is being filled, since the beginning. */
    private long cell = -1;

    /** An empty one, beginning now, as {@link System#nanoTime()}. */
    TimeLine(Inventory inventory, long now) {
        this.inventory = inventory;
        this.began = now;
    }

    /** What a series did. */
    private static final class Line {
        private final PoolSeries pool;
        private RouteSeries series;
        private List<Route> parts = List.of();
        /** The first cell that it has. */
        private final long first;

        private final short[] leases = new short[CELLS];
        private final short[] idle = new short[CELLS];
        private final short[] pending = new short[CELLS];
        private final short[] leaked = new short[CELLS];
        private final int[] granted = new int[CELLS];
        private final float[] slow = new float[CELLS];
        private final int[][] minute = new int[MINUTE][];

        // Of the cell that is being filled.
        private short mostLeases;
        private short mostIdle;
        private short mostPending;
        private short mostLeaked;
        private long[] counted = new long[0];

        Line(PoolSeries pool, long first) {
            this.pool = pool;
            this.first = first;
        }

        void look() {
            mostLeases = most(mostLeases, Count.LEASES);
            mostIdle = most(mostIdle, Count.IDLE);
            mostPending = most(mostPending, Count.PENDING);
            mostLeaked = most(mostLeaked, Count.LEAKED);
        }

        private short most(short before, Count what) {
            return (short) Math.max(before, Math.min(Short.MAX_VALUE, Sums.count(parts, what)));
        }

        /** Ends a cell. */
        void end(long cell) {
            int at = (int) (cell % CELLS);
            leases[at] = mostLeases;
            idle[at] = mostIdle;
            pending[at] = mostPending;
            leaked[at] = mostLeaked;
            mostLeases = 0;
            mostIdle = 0;
            mostPending = 0;
            mostLeaked = 0;
            long[] now = count(parts);
            int[] since = since(now, counted);
            counted = now;
            granted[at] = since[NEW] + since[REUSED];
            slow[at] = (float) new Recent(since, parts, STEP / 1e9).waits(0.95);
            minute[(int) (cell % MINUTE)] = since;
        }

        /** Nobody looked: the process stood still, or had something better to do. */
        void skip(long cell) {
            int at = (int) (cell % CELLS);
            leases[at] = -1;
            idle[at] = -1;
            pending[at] = -1;
            leaked[at] = -1;
            granted[at] = 0;
            slow[at] = Float.NaN;
            minute[(int) (cell % MINUTE)] = null;
        }
    }

    private static long[] count(List<Route> routes) {
        long[] waits = Sums.timing(routes, Timing.WAIT_SUCCESS).counts();
        long[] responses = Sums.timing(routes, Timing.RESPONSE).counts();
        int buckets = Math.max(waits == null ? 0 : waits.length, responses == null ? 0 : responses.length);
        long[] counts = new long[WAITS + 2 * buckets];
        counts[NEW] = Sums.count(routes, Count.GRANTED_NEW);
        counts[REUSED] = Sums.count(routes, Count.GRANTED_REUSED);
        counts[TIMEOUTS] = Sums.timing(routes, Timing.WAIT_TIMEOUT).count();
        for (CloseReason reason : REASONS) {
            counts[CLOSES + reason.ordinal()] = Sums.closes(routes, reason);
        }
        if (waits != null) {
            System.arraycopy(waits, 0, counts, WAITS, waits.length);
        }
        if (responses != null) {
            System.arraycopy(responses, 0, counts, WAITS + buckets, responses.length);
        }
        return counts;
    }

    private static int[] since(long[] now, long[] before) {
        int[] since = new int[now.length];
        for (int i = 0; i < now.length; i++) {
            // What is shorter had no histogram yet.
            since[i] = (int) Math.max(0, now[i] - (i < before.length ? before[i] : 0));
        }
        return since;
    }

    /** What was counted in about a minute. Immutable. */
    static final class Recent {
        private final int[] counts;
        private final long[] bounds;
        private final double seconds;

        private Recent(int[] counts, List<Route> routes, double seconds) {
            this.counts = counts;
            this.bounds = bounds(routes);
            this.seconds = seconds;
        }

        private static long[] bounds(List<Route> routes) {
            long[] bounds = Sums.timing(routes, Timing.WAIT_SUCCESS).bounds();
            return bounds != null
                    ? bounds
                    : Sums.timing(routes, Timing.RESPONSE).bounds();
        }

        /** Over how many seconds. */
        double seconds() {
            return seconds;
        }

        long opened() {
            return counts[NEW];
        }

        long reused() {
            return counts[REUSED];
        }

        long timeouts() {
            return counts[TIMEOUTS];
        }

        long closes(CloseReason reason) {
            return counts[CLOSES + reason.ordinal()];
        }

        /** What this share of the waits did not exceed, in seconds; NaN if there was none. */
        double waits(double share) {
            return quantile(share, WAITS);
        }

        /** The same of the responses. */
        double responses(double share) {
            return quantile(share, WAITS + (counts.length - WAITS) / 2);
        }

        private double quantile(double share, int from) {
            int buckets = (counts.length - WAITS) / 2;
            if (buckets == 0) {
                return Double.NaN;
            }
            long[] part = new long[buckets];
            for (int i = 0; i < buckets; i++) {
                part[i] = counts[from + i];
            }
            return Buckets.quantile(share, bounds, part);
        }
    }

    /** Looks; four times a second. */
    synchronized void round(long now) {
        long current = (now - began) / STEP;
        if (current > cell) {
            if (cell >= 0) {
                long ended = cell;
                lines.values().forEach(line -> line.end(ended));
                // A gap that is longer than all there is need not be filled more than once.
                for (long gap = Math.max(ended + 1, current - CELLS); gap < current; gap++) {
                    long skipped = gap;
                    lines.values().forEach(line -> line.skip(skipped));
                }
            }
            cell = current;
            takeIn();
        }
        lines.values().forEach(Line::look);
    }

    private void takeIn() {
        Map<String, Line> there = new LinkedHashMap<>();
        for (PoolSeries pool : inventory.pools()) {
            for (RouteSeries series : pool.routes()) {
                String key = key(pool, series);
                Line line = lines.get(key);
                if (line == null) {
                    line = new Line(pool, cell);
                }
                line.series = series;
                line.parts = series.told();
                there.put(key, line);
            }
        }
        lines.clear();
        lines.putAll(there);
    }

    private static String key(PoolSeries pool, RouteSeries series) {
        return pool.name() + '\n' + pool.client() + '\n' + series.host() + ':' + series.port() + '\n' + series.proxy();
    }

    /** What a series did in the last minute, up to now; null if nothing is known of it yet. */
    synchronized Recent recent(PoolSeries pool, RouteSeries series, long now) {
        Line line = lines.get(key(pool, series));
        if (line == null) {
            return null;
        }
        int[] sum = since(count(line.parts), line.counted);
        double seconds = (now - began - cell * STEP) / 1e9;
        for (long past = Math.max(line.first, cell - MINUTE); past < cell; past++) {
            int[] counts = line.minute[(int) (past % MINUTE)];
            seconds += STEP / 1e9;
            // Those that are shorter come from before the first wait: of histograms there is nothing in them.
            for (int i = 0; counts != null && i < Math.min(counts.length, sum.length); i++) {
                sum[i] += counts[i];
            }
        }
        return new Recent(sum, line.parts, seconds);
    }

    /** Writes all that is known. */
    void write(Json json) {
        Map<String, Copy> copies = new LinkedHashMap<>();
        long end;
        synchronized (this) {
            end = cell;
            lines.forEach((key, line) -> copies.put(key, new Copy(line, cell)));
        }
        json.put("step", STEP / 1e9);
        json.put("ended", (System.nanoTime() - began - Math.max(0, end) * STEP) / 1e9);
        json.openList("series");
        copies.values().forEach(copy -> copy.write(json));
        json.closeList();
    }

    /** The cells of a line in their order, so that they can be written while time goes on. */
    private static final class Copy {
        private final PoolSeries pool;
        private final RouteSeries series;
        private final int from;
        private final int size;
        private final short[] leases;
        private final short[] idle;
        private final short[] pending;
        private final short[] leaked;
        private final int[] granted;
        private final float[] slow;

        Copy(Line line, long end) {
            pool = line.pool;
            series = line.series;
            size = (int) Math.min(CELLS, end - line.first);
            from = (int) ((end - size) % CELLS);
            leases = Arrays.copyOf(line.leases, CELLS);
            idle = Arrays.copyOf(line.idle, CELLS);
            pending = Arrays.copyOf(line.pending, CELLS);
            leaked = Arrays.copyOf(line.leaked, CELLS);
            granted = Arrays.copyOf(line.granted, CELLS);
            slow = Arrays.copyOf(line.slow, CELLS);
        }

        void write(Json json) {
            json.open();
            Fields.series(json, pool.name(), pool.client(), series.host(), series.port(), series.proxy());
            list(json, Fields.LEASES, leases);
            json.open(Fields.CONNECTIONS);
            list(json, "idle", idle);
            json.close();
            list(json, Fields.PENDING, pending);
            list(json, Fields.LEAKED, leaked);
            json.openList(Fields.GRANTED);
            for (int i = 0; i < size; i++) {
                int at = (from + i) % CELLS;
                json.add(leases[at] < 0 ? null : granted[at]);
            }
            json.closeList();
            json.open(Fields.WAIT_TIME).openList("p95");
            for (int i = 0; i < size; i++) {
                float seconds = slow[(from + i) % CELLS];
                json.add(Float.isNaN(seconds) ? null : Fields.rounded(seconds));
            }
            json.closeList().close();
            json.close();
        }

        private void list(Json json, String name, short[] values) {
            json.openList(name);
            for (int i = 0; i < size; i++) {
                short value = values[(from + i) % CELLS];
                json.add(value < 0 ? null : (Object) value);
            }
            json.closeList();
        }
    }
}

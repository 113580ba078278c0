package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Text;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Who holds the leases of some routes, by line and by what they do with them. Immutable once it is taken. */
public final class Holders {

    /** What a lease is doing. In the order in which they are told of equal counts. */
    public enum Doing {
        /** Its response was collected without having been closed. */
        LEAKED("never closed (leak)"),
        /** The application has the response and does nothing with it. */
        HELD("held, not read (leak?)"),
        /** The request is under way. */
        WAITING("waiting for the response"),
        /** The application reads the response. */
        READING("reading the response");

        private final String words;

        Doing(String words) {
            this.words = words;
        }

        /** For a person. */
        public String words() {
            return words;
        }
    }

    private static final long SECOND = 1_000_000_000L;
    /** So many rows are told. */
    private static final int ROWS = 8;
    /** So many stacks are decoded: that takes time and memory. */
    private static final int DECODED = 1_000;

    private static final int NAME_WIDTH = 46;

    /** The leases of one line that do the same. Not to be changed. */
    public static final class Row {
        /** Where they were handed out. */
        public final Site site;
        /** What they do. */
        public final Doing doing;
        /** Whether the line is not known only because there was no hand-out yet, at which it is taken. */
        public final boolean isEarly;

        private int count;
        private long oldest;

        Row(Site site, Doing doing, boolean isEarly) {
            this.site = site;
            this.doing = doing;
            this.isEarly = isEarly;
        }

        /** How many there are. */
        public int count() {
            return count;
        }

        /** Age of the oldest, in nanoseconds. */
        public long oldest() {
            return oldest;
        }
    }

    private final Map<List<Object>, Row> byLine = new LinkedHashMap<>();
    private List<Row> rows = List.of();
    private final int[] byDoing = new int[Doing.values().length];
    private final long[] oldestByDoing = new long[Doing.values().length];
    private int count;

    private Holders() {}

    /** The leases of these routes as they are now. */
    static Holders of(List<Route> routes, LeaseSites sites, long now) {
        Set<Route> wanted = new HashSet<>(routes);
        return by(route -> wanted.contains(route) ? Holders.class : null, sites, now)
                .getOrDefault(Holders.class, new Holders());
    }

    /** All leases as they are now, by what each route belongs to; those of which that is null are left out. */
    static <K> Map<K, Holders> by(Function<Route, K> group, LeaseSites sites, long now) {
        Map<K, Holders> all = new HashMap<>();
        int[] decoded = new int[1];
        Lease.OUTSTANDING.forEach(lease -> {
            K key = group.apply(lease.route());
            if (key != null && !lease.isEnded()) {
                Site site = decoded[0]++ < DECODED ? sites.lineOf(lease) : Site.UNKNOWN;
                all.computeIfAbsent(key, unused -> new Holders()).add(lease, site, now);
            }
        });
        all.values().forEach(Holders::sort);
        return all;
    }

    private void add(Lease lease, Site site, long now) {
        Doing doing = doing(lease, now);
        long age = Math.max(0, now - lease.granted());
        boolean isEarly = !site.isKnown() && doing == Doing.WAITING && lease.settledSite() == null;
        Row row = byLine.computeIfAbsent(List.of(site, doing, isEarly), unused -> new Row(site, doing, isEarly));
        row.count++;
        row.oldest = Math.max(row.oldest, age);
        note(doing, age);
    }

    private void sort() {
        rows = new ArrayList<>(byLine.values());
        rows.sort((a, b) -> a.count != b.count
                ? Integer.compare(b.count, a.count)
                : a.doing != b.doing ? a.doing.compareTo(b.doing) : a.site.line.compareTo(b.site.line));
    }

    private void note(Doing doing, long age) {
        count++;
        byDoing[doing.ordinal()]++;
        oldestByDoing[doing.ordinal()] = Math.max(oldestByDoing[doing.ordinal()], age);
    }

    private static Doing doing(Lease lease, long now) {
        if (lease.isLeaked()) {
            return Doing.LEAKED;
        }
        if (lease.isSuspected() || lease.heldFor(now) > SECOND) {
            return Doing.HELD;
        }
        if (lease.isAnswered() || lease.isHandedOut()) {
            return Doing.READING;
        }
        return Doing.WAITING;
    }

    /** The rows, those of most leases first. */
    public List<Row> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** How many leases there are. */
    public int count() {
        return count;
    }

    int count(Doing doing) {
        return byDoing[doing.ordinal()];
    }

    /** Age of the oldest that does this, in nanoseconds. */
    long oldest(Doing doing) {
        return oldestByDoing[doing.ordinal()];
    }

    /** The table, a line for each row. */
    List<String> table() {
        List<String> table = new ArrayList<>();
        table.add(line("who holds them", "count", "oldest", "state"));
        for (Row row : rows.subList(0, Math.min(ROWS, rows.size()))) {
            table.add(line(name(row), Text.number(row.count), Text.duration(row.oldest), row.doing.words));
        }
        if (rows.size() > ROWS) {
            int rest = 0;
            for (Row row : rows.subList(ROWS, rows.size())) {
                rest += row.count;
            }
            table.add(line("and " + (rows.size() - ROWS) + " more lines", Text.number(rest), "", ""));
        }
        if (rows.stream().anyMatch(row -> !row.site.isKnown() && !row.isEarly)) {
            table.add("(1) of before lines were taken of every request; from now on they are");
        }
        if (rows.stream().anyMatch(row -> row.isEarly)) {
            table.add("(2) a line is taken when the response is handed out");
        }
        return table;
    }

    private static String name(Row row) {
        Site site = row.site;
        if (!site.isKnown()) {
            return row.isEarly ? "line not taken yet (2)" : "line not taken (1)";
        }
        String name = Text.ascii(site.line);
        return name.length() <= NAME_WIDTH ? name : Text.cutFront(Text.ascii(site.inShort()), NAME_WIDTH);
    }

    private static String line(String name, String count, String oldest, String state) {
        return String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s%7s%10s  %s", name, count, oldest, state)
                .stripTrailing();
    }
}

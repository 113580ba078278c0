package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Text;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Who holds the leases of some routes, by line and by what they do with them. Immutable once it is taken. */
final class Holders {

    /** What a lease is doing. In the order in which they are told of equal counts. */
    enum Doing {
        LEAKED("never closed (leak)"),
        HELD("held, not read (leak?)"),
        WAITING("waiting for the response"),
        READING("reading the response");

        final String words;

        Doing(String words) {
            this.words = words;
        }
    }

    private static final long SECOND = 1_000_000_000L;
    /** So many rows are told. */
    private static final int ROWS = 8;
    /** So many stacks are decoded: that takes time and memory. */
    private static final int DECODED = 1_000;

    private static final int NAME_WIDTH = 46;

    private static final class Row {
        final Site site;
        final Doing doing;
        /** Whether the line is not known only because there was no hand-out yet, at which it is taken. */
        final boolean isEarly;

        int count;
        long oldest;

        Row(Site site, Doing doing, boolean isEarly) {
            this.site = site;
            this.doing = doing;
            this.isEarly = isEarly;
        }
    }

    private final List<Row> rows;
    private final int[] byDoing = new int[Doing.values().length];
    private final long[] oldestByDoing = new long[Doing.values().length];
    private int count;

    private Holders(List<Row> rows) {
        this.rows = rows;
    }

    /** The leases of these routes as they are now. */
    static Holders of(List<Route> routes, LeaseSites sites, long now) {
        Set<Route> wanted = new HashSet<>(routes);
        Map<List<Object>, Row> byLine = new LinkedHashMap<>();
        int[] decoded = new int[1];
        Holders holders = new Holders(new ArrayList<>());
        Lease.OUTSTANDING.forEach(lease -> {
            if (!wanted.contains(lease.route()) || lease.isEnded()) {
                return;
            }
            Site site = decoded[0]++ < DECODED ? sites.of(lease) : Site.UNKNOWN;
            Doing doing = doing(lease, now);
            long age = Math.max(0, now - lease.granted());
            boolean isEarly = !site.isKnown() && doing == Doing.WAITING && lease.settledSite() == null;
            Row row = byLine.computeIfAbsent(List.of(site, doing, isEarly), unused -> new Row(site, doing, isEarly));
            row.count++;
            row.oldest = Math.max(row.oldest, age);
            holders.note(site, doing, age);
        });
        holders.rows.addAll(byLine.values());
        holders.rows.sort((a, b) -> a.count != b.count
                ? Integer.compare(b.count, a.count)
                : a.doing != b.doing ? a.doing.compareTo(b.doing) : a.site.line.compareTo(b.site.line));
        return holders;
    }

    private void note(Site site, Doing doing, long age) {
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

    int count() {
        return count;
    }

    int count(Doing doing) {
        return byDoing[doing.ordinal()];
    }

    /** Age of the oldest that does this, in nanoseconds. */
    long oldest(Doing doing) {
        return oldestByDoing[doing.ordinal()];
    }

    /** The line that does most of this; unknown if none does. */
    Site most(Doing doing) {
        for (Row row : rows) {
            if (row.doing == doing && row.site.isKnown()) {
                return row.site;
            }
        }
        return Site.UNKNOWN;
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

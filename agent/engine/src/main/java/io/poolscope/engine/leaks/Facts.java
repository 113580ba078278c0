package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Report;
import io.poolscope.model.CallSite;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report in the making: the same facts as lines for a person, and as attributes by their names of the contract. */
final class Facts {

    // Attributes that only reports have.

    /** How often, since the report before. */
    static final String COUNT = "poolscope.report.count";
    /** How often, since the start. */
    static final String TOTAL = "poolscope.report.total";
    /** How to mend it, as it is told a person. */
    static final String MEND = "poolscope.mend";

    /** Under a label of four letters and two blanks. */
    private static final String INDENT = "      ";

    private final Catalogue catalogue;
    private final int depth;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    /**
     * Nothing yet.
     *
     * @param depth so many frames of a stack are shown
     */
    Facts(Catalogue catalogue, int depth) {
        this.catalogue = catalogue;
        this.depth = depth;
    }

    /** Where a pool leads, in words: {@code httpclient@com.acme.Stock, stock.internal:8080}. */
    static String place(Catalogue catalogue, Route route) {
        String name = catalogue.name(route.pool());
        return catalogue.tellsRoutes() ? name + ", " + route : name;
    }

    /** What of the route may be told. */
    Facts route(Route route) {
        put("poolscope.pool.name", catalogue.exportedName(route.pool()));
        put("poolscope.client", route.pool().client().name());
        if (catalogue.tellsRoutes()) {
            put("server.address", route.host());
            if (route.port() >= 0) {
                put("server.port", (long) route.port());
            }
            if (route.proxy() != null) {
                put("poolscope.proxy.address", route.proxy());
            }
        }
        return this;
    }

    /** How often. */
    Facts times(Case counted) {
        put(COUNT, counted.fresh());
        put(TOTAL, counted.total());
        return this;
    }

    /** The line of the application, with the frames above it. */
    Facts site(Site site) {
        if (!site.isKnown()) {
            lines.add("line  " + whyUnknown());
            return this;
        }
        put("code.function.name", site.function);
        if (site.number >= 0) {
            put("code.file.path", site.file);
            put("code.line.number", (long) site.number);
        }
        put("code.stacktrace", String.join("\n", site.frames));
        for (String frame : site.frames.subList(0, Math.min(depth, site.frames.size()))) {
            lines.add("  at " + frame);
        }
        if (site.frames.size() > depth) {
            List<String> rest = site.frames.subList(depth, site.frames.size());
            lines.add("  ... " + rest.size() + " more " + (rest.size() == 1 ? "frame" : "frames") + " of "
                    + origin(rest) + " (poolscope.stacktrace.depth)");
        }
        return this;
    }

    private static String whyUnknown() {
        return CallSite.oneIn() == CallSite.NONE
                ? "not taken: poolscope.leaks says so (adaptive takes it)"
                : "not taken, as of most requests; from now on of every one on this route: it will be told next time";
    }

    /** The first two parts of the package, if all share them. */
    private static String origin(List<String> frames) {
        String common = null;
        for (String frame : frames) {
            int first = frame.indexOf('.');
            int second = frame.indexOf('.', first + 1);
            String origin = second < 0 ? frame : frame.substring(0, second);
            if (common != null && !common.equals(origin)) {
                return "the application";
            }
            common = origin;
        }
        return common;
    }

    /** A line of the report, under a label. */
    Facts say(String label, String text) {
        lines.add((label + INDENT).substring(0, INDENT.length()) + text);
        return this;
    }

    /** A line as it is. */
    Facts line(String text) {
        lines.add(text);
        return this;
    }

    /** How to mend it. */
    Facts mend(List<String> mend) {
        for (int i = 0; i < mend.size(); i++) {
            lines.add((i == 0 ? "mend  " : INDENT) + mend.get(i));
        }
        return put(MEND, String.join("\n", mend));
    }

    Facts put(String name, Object value) {
        attributes.put(name, value);
        return this;
    }

    Report report(String event, Report.Severity severity, String headline) {
        return new Report(event, severity, System.currentTimeMillis(), headline, lines, attributes);
    }
}

package io.poolscope.engine.leaks;

import io.poolscope.engine.pools.Catalogue;
import io.poolscope.engine.pools.Site;
import io.poolscope.engine.report.Report;
import io.poolscope.engine.telemetry.Names;
import io.poolscope.model.CallSite;
import io.poolscope.model.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report in the making: the same facts as lines for a person, and as attributes by their names of the contract. */
final class Facts {

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
        put(Names.POOL_NAME, catalogue.exportedName(route.pool()));
        put(Names.CLIENT, route.pool().client().name());
        if (catalogue.tellsRoutes()) {
            put(Names.SERVER_ADDRESS, route.host());
            if (route.port() >= 0) {
                put(Names.SERVER_PORT, (long) route.port());
            }
            if (route.proxy() != null) {
                put(Names.PROXY_ADDRESS, route.proxy());
            }
        }
        return this;
    }

    /** How often. */
    Facts times(Case counted) {
        put(Names.REPORT_COUNT, counted.fresh());
        put(Names.REPORT_TOTAL, counted.total());
        return this;
    }

    /** The line of the application, with the frames above it. */
    Facts site(Site site) {
        if (!site.isKnown()) {
            lines.add("line  " + whyUnknown());
            return this;
        }
        put(Names.CODE_FUNCTION, site.function);
        if (site.number >= 0) {
            put(Names.CODE_FILE, site.file);
            put(Names.CODE_LINE, (long) site.number);
        }
        put(Names.CODE_STACKTRACE, String.join("\n", site.frames));
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
        return put(Names.MEND, String.join("\n", mend));
    }

    Facts put(String name, Object value) {
        attributes.put(name, value);
        return this;
    }

    Report report(String event, Report.Severity severity, String headline) {
        return new Report(event, severity, System.currentTimeMillis(), headline, lines, attributes);
    }
}

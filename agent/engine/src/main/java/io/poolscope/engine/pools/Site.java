package io.poolscope.engine.pools;

import java.util.List;
import java.util.Objects;

/**
 * A call site in words: the line of the application that a stack leads to. Holds strings only; equal to another of the same
 * line. Immutable.
 */
public final class Site {

    /** No stack was taken. */
    public static final Site UNKNOWN = new Site(SiteSeries.UNKNOWN, SiteSeries.UNKNOWN, "", -1, "", List.of());

    /** {@code code.function.name}: {@code com.acme.shop.Stock.level}. */
    public final String function;
    /** For tables: {@code com.acme.shop.Stock.level(Stock.java:88)}. */
    public final String line;
    /** The file, empty if that is not known: {@code Stock.java}. */
    public final String file;
    /** The line's number, -1 if that is not known. */
    public final int number;
    /** The class, generated parts normalised: {@code com.acme.shop.Stock}. */
    public final String owner;
    /** The application's frames from this line up, as they stand in a stack trace. */
    public final List<String> frames;

    Site(String function, String line, String file, int number, String owner, List<String> frames) {
        this.function = function;
        this.line = line;
        this.file = file;
        this.number = number;
        this.owner = owner;
        this.frames = List.copyOf(frames);
    }

    /** Whether it is known. */
    public boolean isKnown() {
        return !equals(UNKNOWN);
    }

    /** For headlines, without the package: {@code Stock.level(Stock.java:88)}. */
    public String inShort() {
        int parenthesis = line.indexOf('(');
        int method = line.lastIndexOf('.', parenthesis < 0 ? line.length() : parenthesis);
        return line.substring(line.lastIndexOf('.', method - 1) + 1);
    }

    /** For lists: {@code Stock.java:88}, or the function where the line is not known. */
    public String place() {
        return number < 0 ? function : file + ":" + number;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Site && ((Site) other).line.equals(line) && ((Site) other).function.equals(function);
    }

    @Override
    public int hashCode() {
        return Objects.hash(line, function);
    }

    @Override
    public String toString() {
        return line;
    }
}

package io.poolscope.engine.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** How numbers, times and foreign text are written for a person: ASCII only, no line ever broken from outside. */
public final class Text {

    private static final long MS = 1_000_000L;
    private static final long S = 1_000 * MS;

    private static final DateTimeFormatter TIME_STAMP =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Text() {}

    /** A moment of the wall clock in milliseconds, in UTC: {@code 2026-11-22T14:05:52.113Z}. */
    public static String timeStamp(long at) {
        return TIME_STAMP.format(Instant.ofEpochMilli(at));
    }

    /** Its time of day, in UTC as well: {@code 14:05:52}. */
    public static String timeOfDay(long at) {
        return TIME_OF_DAY.format(Instant.ofEpochMilli(at));
    }

    /** A duration in nanoseconds, to about two digits: {@code 3.1 ms}, {@code 180 ms}, {@code 2.0 s}, {@code 6 m 12 s}. */
    public static String duration(long nanos) {
        if (nanos <= 0) {
            return "0 ms";
        }
        if (nanos < MS / 10) {
            return "0.1 ms";
        }
        if (nanos < 9_950 * MS / 1_000) {
            return String.format(Locale.ROOT, "%.1f ms", nanos / (double) MS);
        }
        if (nanos < 999_500 * MS / 1_000) {
            return String.format(Locale.ROOT, "%.0f ms", nanos / (double) MS);
        }
        if (nanos < 9_950 * MS) {
            return String.format(Locale.ROOT, "%.1f s", nanos / (double) S);
        }
        long seconds = (nanos + S / 2) / S;
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " m " + seconds % 60 + " s";
        }
        return seconds / 3_600 + " h " + seconds / 60 % 60 + " m";
    }

    /** A number with its thousands apart: {@code 182,404}. */
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A number that need not be exact: {@code 42}, {@code 4.2}, {@code 0.31}. */
    public static String about(double number) {
        return String.format(Locale.ROOT, number >= 9.95 ? "%.0f" : number >= 0.995 ? "%.1f" : "%.2f", number);
    }

    /** A part of a whole: {@code 66 %}; below one and above ninety-nine only if it is none or all. */
    public static String percent(double part, double whole) {
        if (whole <= 0 || part <= 0) {
            return "0 %";
        }
        long percent = Math.round(100 * part / whole);
        return (part >= whole ? 100 : Math.max(1, Math.min(99, percent))) + " %";
    }

    /** A number and its noun: {@code 1 connection}, {@code 3 connections}. */
    public static String count(long number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /** Foreign text with everything that is not printable ASCII escaped as in Java: it cannot break a line. */
    public static String ascii(String text) {
        int i = 0;
        while (i < text.length() && isPlain(text.charAt(i))) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.substring(0, i));
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c < 127;
    }

    /** At most so many characters, the end left out. */
    public static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 3) + "...";
    }

    /** At most so many characters, the beginning left out: the end of a class name is what tells. */
    public static String cutFront(String text, int length) {
        return text.length() <= length ? text : "..." + text.substring(text.length() - length + 3);
    }
}

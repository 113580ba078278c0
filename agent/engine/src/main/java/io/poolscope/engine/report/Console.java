package io.poolscope.engine.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes reports to stderr, each in one write.
 *
 * <p>To the file descriptor, not to {@code System.err}: the application may have sent that through its own logging, and we
 * neither want its lock nor its recursion. Whatever comes from outside (names of classes, threads, hosts) is escaped here
 * and in {@link Json}. A stderr that is broken is nobody's business.
 */
public final class Console {

    /** What stands below the first line is no wider. */
    static final int WIDTH = 110;
    /** The first line carries time and severity besides; it is what one greps for, so it is cut late. */
    private static final int FIRST_LINE = 200;

    private static final String INDENT = "        ";

    private final OutputStream out;
    private final boolean isJson;

    private Console(OutputStream out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    /** Writes as {@code poolscope.log} says: {@code text}, {@code json} or {@code off}. */
    public static Console of(String log) {
        return to(log.equals("off") ? OutputStream.nullOutputStream() : new FileOutputStream(FileDescriptor.err), log);
    }

    /** Writes to this stream. */
    public static Console to(OutputStream out, String log) {
        return new Console(out, log.equals("json"));
    }

    /** Writes a report. */
    public void write(Report report) {
        byte[] bytes = (isJson ? json(report) : text(report)).getBytes(StandardCharsets.US_ASCII);
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException closed) {
            // Nobody listens.
        }
    }

    /** A report as it is written for a person. */
    public static String text(Report report) {
        StringBuilder text = new StringBuilder(256);
        text.append(Text.timeStamp(report.at()))
                .append(' ')
                .append(report.severity())
                .append(" [poolscope] ");
        text.append(Text.cut(Text.ascii(report.headline()), FIRST_LINE)).append('\n');
        for (String detail : report.details()) {
            String line = "  " + Text.ascii(detail);
            if (line.startsWith("    at ")) {
                text.append(cutFrame(line)).append('\n');
            } else {
                wrap(line, text);
            }
        }
        return text.toString();
    }

    /** The package of a frame can be done without, its line cannot. */
    private static String cutFrame(String line) {
        return line.length() <= WIDTH ? line : "    at " + Text.cutFront(line.substring(7), WIDTH - 7);
    }

    /** Goes on below, at the text behind the label, with what is too long for a line. */
    private static void wrap(String line, StringBuilder text) {
        String rest = line;
        while (rest.length() > WIDTH) {
            int blank = rest.lastIndexOf(' ', WIDTH);
            if (blank <= INDENT.length()) {
                rest = Text.cut(rest, WIDTH);
            } else {
                text.append(rest, 0, blank).append('\n');
                rest = INDENT + rest.substring(blank + 1);
            }
        }
        text.append(rest).append('\n');
    }

    static String json(Report report) {
        Json json = new Json().open();
        report.describe(json);
        return json.close() + "\n";
    }
}

package io.poolscope.engine.report;

/**
 * Writes JSON (RFC 8259) in ASCII: whatever is foreign (names of classes, threads, hosts) is escaped here, in one place, and
 * can neither end a string nor a line. Who uses it sees to it that what is opened is closed. Not thread-safe.
 */
public final class Json {

    private final StringBuilder json = new StringBuilder(256);
    /** Whether something stands before, in the same object or list. */
    private boolean follows;

    /** Begins an object, in a list or as the whole. */
    public Json open() {
        return begin('{');
    }

    /** Begins an object under this name. */
    public Json open(String name) {
        return name(name).begin('{');
    }

    /** Ends an object. */
    public Json close() {
        return end('}');
    }

    /** Begins a list under this name. */
    public Json openList(String name) {
        return name(name).begin('[');
    }

    /** Ends a list. */
    public Json closeList() {
        return end(']');
    }

    private Json begin(char bracket) {
        comma();
        json.append(bracket);
        follows = false;
        return this;
    }

    private Json end(char bracket) {
        json.append(bracket);
        follows = true;
        return this;
    }

    private void comma() {
        if (follows) {
            json.append(',');
        }
        follows = true;
    }

    private Json name(String name) {
        comma();
        quoted(name);
        json.append(':');
        follows = false;
        return this;
    }

    /** A value under this name: a string, a number, a boolean; anything else as a string. Null is left out. */
    public Json put(String name, Object value) {
        if (value != null) {
            name(name).add(value);
        }
        return this;
    }

    /** A number under this name. */
    public Json put(String name, long value) {
        name(name).add(value);
        return this;
    }

    /** A number under this name. */
    public Json put(String name, double value) {
        return put(name, (Object) value);
    }

    /** A number in a list. */
    public Json add(long value) {
        comma();
        json.append(value);
        return this;
    }

    /** A value in a list; null is null. */
    public Json add(Object value) {
        comma();
        boolean isNumber = value instanceof Number && Double.isFinite(((Number) value).doubleValue());
        if (isNumber || value instanceof Boolean || value == null) {
            json.append(value);
        } else {
            quoted(String.valueOf(value));
        }
        return this;
    }

    private void quoted(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\n') {
                json.append("\\n");
            } else if (c < ' ' || c > '~') {
                json.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    json.append(Character.forDigit((c >> shift) & 0xf, 16));
                }
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** What was written. */
    @Override
    public String toString() {
        return json.toString();
    }
}

package io.poolscope.engine.http;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of a request: its first line and its headers. What can be read in two ways is refused, so that nobody who stands
 * in between has read it in another. Immutable.
 */
final class Head {

    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final boolean isLast;

    private Head(String method, String path, Map<String, String> headers, boolean isLast) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.isLast = isLast;
    }

    /**
     * Reads it.
     *
     * @param bytes all lines, without the empty one that ends them
     * @return null if that is no head
     */
    static Head parse(byte[] bytes, int length) {
        String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1.")) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1 || hasControl(lines[i]) || !isToken(lines[i].substring(0, colon))) {
                return null;
            }
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).trim();
            String before = headers.put(name, value);
            if (before != null) {
                if (name.equals("host") || name.equals("content-length") || name.equals("authorization")) {
                    return null;
                }
                headers.put(name, before + ", " + value);
            }
        }
        int query = words[1].indexOf('?');
        String path = query < 0 ? words[1] : words[1].substring(0, query);
        boolean hasBody = headers.containsKey("transfer-encoding")
                || !headers.getOrDefault("content-length", "0").equals("0");
        boolean closes =
                headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
        return new Head(words[0], path, headers, hasBody || closes || words[2].equals("HTTP/1.0"));
    }

    private static boolean hasControl(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                return true;
            }
        }
        return false;
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || "()<>@,;:\\\"/[]?={}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** GET, and whatever else there is. */
    String method() {
        return method;
    }

    /** The path without the query, as it was sent. */
    String path() {
        return path;
    }

    /** A header by its name in any case, null if there is none. */
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Whether no other request can follow on the connection. */
    boolean isLast() {
        return isLast;
    }
}

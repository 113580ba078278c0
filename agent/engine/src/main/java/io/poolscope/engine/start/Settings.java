package io.poolscope.engine.start;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the user has set, in this order: the agent's arguments ({@code -javaagent:agent.jar=port=0,leaks=always}), system
 * properties ({@code -Dpoolscope.port=0}), environment ({@code POOLSCOPE_PORT=0}).
 *
 * <p>What is not understood never stops anything: it is kept in {@link #warnings}, to be printed with the banner, and the
 * default is used. Immutable.
 */
public final class Settings {

    /** Value of {@link #port} for serving nothing. */
    public static final int OFF = -1;

    private static final String ENVIRONMENT = "POOLSCOPE_";
    private static final String CLIENT_PREFIX = "poolscope.instrumentation.";
    private static final String CLIENT_SUFFIX = ".enabled";
    /** So much of a value is repeated in a warning. */
    private static final int SHOWN = 60;

    private final Map<Setting, String> values = new EnumMap<>(Setting.class);
    private final Set<Setting> rejected = EnumSet.noneOf(Setting.class);
    private final Map<String, Boolean> clients = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> warned = new HashSet<>();

    private Settings() {}

    /** Reads this JVM's settings. */
    public static Settings read(String arguments) {
        Map<String, String> properties = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(Setting.PREFIX)) {
                properties.put(name, System.getProperty(name, ""));
            }
        }
        return of(arguments, properties, System.getenv());
    }

    /** Reads settings from these sources, the most important one first. */
    public static Settings of(String arguments, Map<String, String> properties, Map<String, String> environment) {
        Settings settings = new Settings();
        settings.arguments(arguments == null ? "" : arguments);
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (property.getKey().startsWith(Setting.PREFIX)) {
                settings.set(property.getKey(), property.getKey(), property.getValue());
            }
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(ENVIRONMENT) && !isOfKubernetes(name, variable.getValue())) {
                settings.set(keyOf(name), name, variable.getValue());
            }
        }
        Collections.sort(settings.warnings);
        return settings;
    }

    /**
     * Separators are {@code ,} and {@code ;}. Behind a key that takes a list, an element without {@code =} goes on with
     * that list.
     */
    private void arguments(String arguments) {
        for (String part : arguments.split(";")) {
            String key = null;
            String value = null;
            for (String element : part.split(",")) {
                int equals = element.indexOf('=');
                if (equals < 0 && key != null && isList(key)) {
                    value += "," + element;
                } else {
                    argument(key, value);
                    key = equals < 0
                            ? element.trim()
                            : element.substring(0, equals).trim();
                    value = equals < 0 ? null : element.substring(equals + 1);
                }
            }
            argument(key, value);
        }
    }

    private void argument(String key, String value) {
        if (key == null || key.isEmpty()) {
            return;
        }
        String full = key.startsWith(Setting.PREFIX) ? key : Setting.PREFIX + key;
        if (value == null) {
            warn("the agent's argument " + shown(key) + " is not understood (key=value,key=value)");
        } else {
            set(full, full, value);
        }
    }

    private static boolean isList(String key) {
        Setting setting = find(key.startsWith(Setting.PREFIX) ? key : Setting.PREFIX + key);
        return setting != null && setting.isList();
    }

    /** The key for this environment variable: which of its underscores are dots or hyphens only the table knows. */
    private static String keyOf(String variable) {
        String asKey = variable.toLowerCase(Locale.ROOT).replace('_', '.');
        if (asKey.startsWith(CLIENT_PREFIX) && asKey.endsWith(CLIENT_SUFFIX)) {
            int end = asKey.length() - CLIENT_SUFFIX.length();
            if (end > CLIENT_PREFIX.length()) {
                String client = asKey.substring(CLIENT_PREFIX.length(), end).replace('.', '-');
                return CLIENT_PREFIX + client + CLIENT_SUFFIX;
            }
        }
        return asKey;
    }

    /**
     * A Kubernetes service named {@code poolscope} puts these variables into every pod of its namespace, one of them with
     * the name of our port: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
     */
    private static boolean isOfKubernetes(String variable, String value) {
        return variable.startsWith("POOLSCOPE_SERVICE_")
                || variable.startsWith("POOLSCOPE_PORT_")
                || (variable.equals("POOLSCOPE_PORT") && value.contains("://"));
    }

    /** Takes in a value unless a more important source had one. An empty one counts as not set. */
    private void set(String key, String shownKey, String raw) {
        String value = raw.trim();
        if (value.isEmpty()) {
            return;
        }
        Setting setting = find(key);
        if (setting == null) {
            String near = nearest(key);
            warn(shown(shownKey) + "=" + (isSecret(key) ? "..." : shown(value)) + " is not known"
                    + (near == null ? " and ignored\n" + known() : "; did you mean " + near + "?"));
        } else if (!setting.accepts(value)) {
            warn(shown(shownKey) + "=" + shown(value) + " is not understood (" + setting.accepted() + "); "
                    + (setting.byDefault().isEmpty() ? "it is ignored" : setting.byDefault() + " is used"));
            // Not taken from a less important source either: the warning says what is used.
            if (setting != Setting.INSTRUMENTATION_ENABLED && !values.containsKey(setting)) {
                rejected.add(setting);
            }
        } else if (setting == Setting.INSTRUMENTATION_ENABLED) {
            clients.putIfAbsent(clientOf(key), Boolean.valueOf(value));
        } else if (!rejected.contains(setting)) {
            values.putIfAbsent(setting, value);
        }
    }

    /** All there are, for who named one that there is not. */
    private static String known() {
        StringBuilder keys = new StringBuilder("known  ");
        for (Setting setting : Setting.values()) {
            keys.append(setting.ordinal() == 0 ? "" : ", ").append(setting.key().substring(Setting.PREFIX.length()));
        }
        return keys.toString();
    }

    private static Setting find(String key) {
        for (Setting setting : Setting.values()) {
            if (setting.key().equals(key)) {
                return setting;
            }
        }
        boolean ofClient = key.startsWith(CLIENT_PREFIX)
                && key.endsWith(CLIENT_SUFFIX)
                && key.length() > CLIENT_PREFIX.length() + CLIENT_SUFFIX.length();
        return ofClient ? Setting.INSTRUMENTATION_ENABLED : null;
    }

    private static String clientOf(String key) {
        return key.substring(CLIENT_PREFIX.length(), key.length() - CLIENT_SUFFIX.length());
    }

    private void warn(String warning) {
        if (warned.add(warning)) {
            warnings.add(warning);
        }
    }

    /** Whether a key, which may be misspelt, is probably that of a secret: it must not stand in a log. */
    private static boolean isSecret(String key) {
        return key.contains("token") || Setting.PAGE_TOKEN.key().equals(nearest(key));
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** The key that was probably meant, or null: a few letters off, or the same last words. */
    private static String nearest(String key) {
        String best = null;
        int length = key.length() - Setting.PREFIX.length();
        // Of three letters with two wrong, anything could have been meant.
        int bestDistance = 1 + (length < 4 ? 1 : Math.max(2, length / 4));
        for (Setting setting : Setting.values()) {
            int distance = distance(key, setting.key());
            if (distance < bestDistance) {
                best = setting.key();
                bestDistance = distance;
            }
        }
        if (best == null) {
            String tail = key.substring(Setting.PREFIX.length() - 1);
            for (Setting setting : Setting.values()) {
                if (setting.key().endsWith(tail)) {
                    return setting.key();
                }
            }
        }
        return best;
    }

    /** Insertions, deletions and replacements between two texts (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** What was not understood, a line for each, to be printed with the banner. */
    public List<String> warnings() {
        return Collections.unmodifiableList(warnings);
    }

    /** Whether the user has set this, to a value that is understood. */
    public boolean isSet(Setting setting) {
        return values.containsKey(setting);
    }

    /** Whether a switch is on. */
    public boolean is(Setting setting) {
        return Boolean.parseBoolean(text(setting));
    }

    /** A number. */
    public int number(Setting setting) {
        return Setting.number(text(setting));
    }

    /** A duration in nanoseconds. */
    public long nanos(Setting setting) {
        return Setting.millis(text(setting)) * 1_000_000L;
    }

    /** A choice in lower case. */
    public String choice(Setting setting) {
        return text(setting).toLowerCase(Locale.ROOT);
    }

    /** The elements of a list; of one with choices, {@code off} alone means none. */
    public List<String> list(Setting setting) {
        List<String> list = Setting.list(text(setting));
        return list.size() == 1 && Setting.isOff(list.get(0)) ? Collections.emptyList() : list;
    }

    /** A text as it was written; empty where neither user nor default say anything. */
    public String text(Setting setting) {
        String value = values.get(setting);
        return value == null ? setting.byDefault() : value;
    }

    /** The port to serve on, 0 for any, {@link #OFF} for none. */
    public int port() {
        String port = text(Setting.PORT);
        return Setting.isOff(port) ? OFF : Setting.number(port);
    }

    /** Whether this instrumentation is wanted. */
    public boolean isEnabled(String client) {
        return clients.getOrDefault(client, true);
    }

    /** The instrumentations that the user has named, so that a misspelt one can be told. */
    public Set<String> clientsNamed() {
        return Collections.unmodifiableSet(clients.keySet());
    }
}

package io.poolscope.engine.http;

import io.poolscope.engine.start.Setting;
import io.poolscope.engine.start.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Who may ask for what on one port: metrics at {@code /metrics}, everything else from the page, if there is one.
 *
 * <p>On the loopback interface, a web page that a developer visits could read what is served by having its own name resolve
 * to 127.0.0.1 (DNS rebinding); its requests then carry that name, so that only those to an address or to {@code localhost}
 * are answered. What another site asks for, or has the browser load, is refused as well. Open to the network, only metrics
 * are told to everybody; the page wants the token, if one was set, and is not there otherwise. Immutable, thread-safe.
 */
public final class Gate implements Handler {

    /** Where the metrics are. */
    public static final String METRICS = "/metrics";

    /** A shorter token could be guessed. */
    public static final int SHORTEST_TOKEN = 16;

    /** Names of the machine as its containers know it; they are reserved, so no web site can have them. */
    private static final List<String> FROM_CONTAINERS =
            Arrays.asList("host.docker.internal", "host.containers.internal");

    private final boolean isLocal;
    private final Handler metrics;
    private final Handler page;
    private final byte[] token;

    /**
     * A gate.
     *
     * @param isLocal whether only requests that name this machine are answered
     * @param page what is served beside the metrics, null for nothing
     * @param token what who asks for the page has to know, empty for nothing
     */
    public Gate(boolean isLocal, Handler metrics, Handler page, String token) {
        this.isLocal = isLocal;
        this.metrics = metrics;
        this.page = page;
        this.token = token.isEmpty() ? null : digest(token);
    }

    /** Whether there is to be a page at our own address: everywhere on loopback, elsewhere with a token only. */
    public static boolean admitsPage(Settings settings) {
        String token = settings.text(Setting.PAGE_TOKEN);
        return settings.is(Setting.PAGE)
                && (token.isEmpty()
                        ? Listeners.isLocal(settings.text(Setting.HOST))
                        : token.length() >= SHORTEST_TOKEN);
    }

    @Override
    public Answer answer(String path, UnaryOperator<String> header) {
        if (isLocal && !namesThisMachine(header.apply("Host"))) {
            return Answer.text(403, "ask for 127.0.0.1 or localhost (or set poolscope.host)");
        }
        if (isFromAnotherSite(header)) {
            return Answer.text(403, "this is not for other sites");
        }
        if (path.equals(METRICS)) {
            return metrics.answer(path, header);
        }
        if (page == null) {
            return Answer.text(404, "there is only " + METRICS);
        }
        if (token != null && !knowsToken(header.apply("Authorization"))) {
            return Answer.text(401, "the token of " + Setting.PAGE_TOKEN.key() + " is wanted, as a password")
                    .with("WWW-Authenticate", "Basic realm=\"Poolscope\", charset=\"UTF-8\"");
        }
        return page.answer(path, header);
    }

    /** Whether a Host header is localhost or an address in digits, which no name server can point anywhere. */
    static boolean namesThisMachine(String host) {
        if (host == null) {
            return false;
        }
        if (host.startsWith("[")) {
            return true;
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        return name.equals("localhost") || FROM_CONTAINERS.contains(name) || isDigits(name);
    }

    private static boolean isDigits(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** As a browser says of itself; a person may follow a link to us. */
    private static boolean isFromAnotherSite(UnaryOperator<String> header) {
        String site = header.apply("Sec-Fetch-Site");
        if (site == null || site.equals("same-origin") || site.equals("none")) {
            return false;
        }
        return !"navigate".equals(header.apply("Sec-Fetch-Mode")) || !"document".equals(header.apply("Sec-Fetch-Dest"));
    }

    /** {@code Bearer token}, or {@code Basic} with the token for a password and any user, which browsers ask for. */
    private boolean knowsToken(String authorization) {
        String said = authorization == null ? "" : authorization.trim();
        int blank = said.indexOf(' ');
        String scheme = blank < 0 ? "" : said.substring(0, blank).toLowerCase(Locale.ROOT);
        String credentials = said.substring(blank + 1).trim();
        if (scheme.equals("basic")) {
            try {
                String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
                return isToken(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException notBase64) {
                return false;
            }
        }
        return scheme.equals("bearer") && isToken(credentials);
    }

    /** In a time that tells nothing of how much of it is right, not even the length. */
    private boolean isToken(String said) {
        return MessageDigest.isEqual(token, digest(said));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

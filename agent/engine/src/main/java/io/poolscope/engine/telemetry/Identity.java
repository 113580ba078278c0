package io.poolscope.engine.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.UUID;

/** Who sends: the resource. What the user says through {@code OTEL_*} wins over what is found here. */
public final class Identity {

    private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey(Names.SERVICE_NAME);
    private static final String DEFAULT_SERVICE = "unknown_service";

    private Identity() {}

    /** The resource that the SDK has found, completed. */
    static Resource complete(Resource found, String version) {
        ResourceBuilder ours = Resource.builder()
                .put(Names.SERVICE_INSTANCE_ID, UUID.randomUUID().toString())
                .put(Names.PROCESS_PID, ProcessHandle.current().pid())
                .put(Names.DISTRO_NAME, Names.DISTRO)
                .put(Names.DISTRO_VERSION, version);
        String host = host();
        if (host != null) {
            ours.put(Names.HOST_NAME, host);
        }
        Resource merged = ours.build().merge(found);
        String service = found.getAttribute(SERVICE_NAME);
        String command = serviceName(System.getProperty("sun.java.command"));
        if ((service == null || service.startsWith(DEFAULT_SERVICE)) && command != null) {
            return merged.toBuilder().put(SERVICE_NAME, command).build();
        }
        return merged;
    }

    /** The service's name as the resource has it: what the user has said, else the command; null if there is neither. */
    public static String service() {
        String named = Destinations.fromProcess("otel.service.name");
        if (named != null && !named.trim().isEmpty()) {
            return named.trim();
        }
        String attributes = Destinations.fromProcess("otel.resource.attributes");
        for (String attribute : (attributes == null ? "" : attributes).split(",")) {
            int equals = attribute.indexOf('=');
            if (equals > 0 && attribute.substring(0, equals).trim().equals(Names.SERVICE_NAME)) {
                return attribute.substring(equals + 1).trim();
            }
        }
        return serviceName(System.getProperty("sun.java.command"));
    }

    /**
     * The main class, or the jar without its ending, from what HotSpot knows of its command line.
     *
     * @param command {@code com.acme.Main a b}, {@code module/com.acme.Main}, {@code lib/shop.jar a b}, or null
     * @return null if there is none
     */
    static String serviceName(String command) {
        if (command == null || command.trim().isEmpty()) {
            return null;
        }
        String text = command.trim();
        int jar = text.indexOf(".jar");
        if (jar > 0 && (jar + 4 == text.length() || text.charAt(jar + 4) == ' ') && !isMainClass(text, jar)) {
            String path = text.substring(0, jar);
            return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        }
        int end = text.indexOf(' ');
        String main = end < 0 ? text : text.substring(0, end);
        return main.substring(main.indexOf('/') + 1);
    }

    /** Whether the jar is only an argument of a main class: a path with a blank before it has a separator somewhere. */
    private static boolean isMainClass(String text, int jar) {
        int blank = text.indexOf(' ');
        return blank >= 0
                && blank < jar
                && text.substring(0, blank).indexOf('/') < 0
                && text.substring(0, blank).indexOf('\\') < 0;
    }

    /** The machine's name, from where it costs no question to a name server, which can take seconds. */
    private static String host() {
        for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isEmpty()) {
                return name;
            }
        }
        try {
            String name = Files.readString(Paths.get("/etc/hostname")).trim();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (Exception unreadable) {
            // Not a Linux, or not ours to read.
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}

package io.poolscope.testkit.baddays;

import io.poolscope.testkit.Adapters;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import java.io.IOException;

/**
 * An application with {@value #GRANTED} requests for each client, {@value #OPENED} of which open a connection; one
 * response is out while the class that the system property {@code baddays.between} names does something to the JVM.
 *
 * <p>Arguments: the server, then names of clients.
 */
public final class Errands {

    /** How the program ends when all went well. */
    public static final int EXIT = 7;

    /** So many leases each client is granted. */
    public static final int GRANTED = 6;

    /** So many connections each client opens, and has idle at the end. */
    public static final int OPENED = 2;

    private Errands() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) {
            run(arguments[0], arguments[i]);
        }
        linger();
        System.exit(EXIT);
    }

    /** Exporting begins a while after the first request, or after the first weaving where no request was seen. */
    public static void linger() throws InterruptedException {
        Thread.sleep(Long.getLong("baddays.linger", 0));
    }

    /** Runs one client's errands, and leaves its pool open. */
    public static void run(String server, String client) throws Exception {
        Client http = Adapters.named(client).open(new Options());
        read(client, http.get(server + "/bytes/100"));
        read(client, http.get(server + "/bytes/20000"));
        Client.Response out = http.get(server + "/bytes/3000");
        between();
        read(client, http.get(server + "/bytes/0"));
        read(client, out);
        read(client, http.get(server + "/chunked/50000"));
        read(client, http.get(server + "/missing/100"));
        System.out.println(client + " has " + http.stats().active() + " active, "
                + http.stats().idle() + " idle");
        KEPT[kept++ % KEPT.length] = http;
    }

    /** Pools that nobody holds would be gone at the end, and their series with them. */
    private static final Client[] KEPT = new Client[8];

    private static int kept;

    static void read(String client, Client.Response response) throws IOException {
        try (Client.Response closing = response) {
            System.out.println(client + " got " + closing.status() + " with " + closing.readFully());
        }
    }

    private static void between() throws ReflectiveOperationException {
        String between = System.getProperty("baddays.between");
        if (between != null) {
            Class.forName(between).getMethod("act").invoke(null);
        }
    }
}

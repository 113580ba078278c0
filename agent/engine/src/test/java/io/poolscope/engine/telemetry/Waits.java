package io.poolscope.engine.telemetry;

import com.google.protobuf.ByteString;
import io.poolscope.model.Connection;
import io.poolscope.model.Event;
import io.poolscope.model.Lease;
import io.poolscope.model.Route;
import io.poolscope.model.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Waits that are long enough to be told. */
final class Waits {

    private Waits() {}

    /** A request that waits for longer than the objective, and is then written with this header. */
    static Lease longWait(Route route, String traceparent) {
        Connection connection = Shop.opened(route);
        Wait wait = Wait.begin(route);
        Awaitility.await()
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> System.nanoTime() - wait.since() > Wait.LONG);
        Lease lease = wait.granted(connection);
        lease.heldBy(connection);
        lease.requestSent(traceparent);
        return lease;
    }

    /** What woven code would have told the engine. */
    static List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (Event event = Event.poll(); event != null; event = Event.poll()) {
            events.add(event);
        }
        return events;
    }

    static String hex(ByteString bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes.toByteArray()) {
            hex.append(String.format("%02x", b));
        }
        return hex.toString();
    }
}

package io.poolscope.testkit.baddays;

import com.sun.tools.attach.VirtualMachine;
import java.util.Arrays;
import java.util.List;

/**
 * What {@link Errands} calls while a response is out, to attach the agent that the system property {@code
 * baddays.attach} names, if any: so that pools, leases and waits are there before it comes.
 */
public final class Attaching {

    /** What the JVM itself says of an agent that is attached: it cannot be prevented. */
    public static final List<String> SAID = Arrays.asList(
            "not added to bootstrap class loader search: Illegal argument or not JAR file",
            "Sharing is only supported for boot loader classes because bootstrap classpath has been appended");

    private static boolean done;

    private Attaching() {}

    public static void act() throws Exception {
        String agent = System.getProperty("baddays.attach");
        if (agent != null && !done) {
            done = true;
            VirtualMachine jvm =
                    VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
            try {
                jvm.loadAgent(agent);
            } finally {
                jvm.detach();
            }
        }
    }
}

package io.poolscope.testkit.baddays;

import com.sun.tools.attach.VirtualMachine;

/**
 * What {@link Errands} calls while a response is out, to attach the agent that the system property {@code
 * baddays.attach} names, if any: so that pools, leases and waits are there before it comes.
 */
public final class Attaching {

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

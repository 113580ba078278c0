package com.acme.measured;

import com.acme.measured.http.Caller;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Makes one request, then many of them from one thread, and then rests; says what each request cost. */
public final class Requests {

    private static final int BATCHES = 20;

    private Requests() {}

    /**
     * Runs it.
     *
     * @param arguments the library, the URL, how many requests warm up, and how many are measured, which may be 0
     */
    public static void main(String[] arguments) throws Exception {
        Caller caller = Caller.of(arguments[0]);
        String url = arguments[1];
        int warmUp = Integer.parseInt(arguments[2]);
        int measured = Integer.parseInt(arguments[3]);

        caller.get(url);
        Harness.reached("first");
        if (measured == 0) {
            return;
        }
        requests(caller, url, warmUp);
        Harness.reached(steady(caller, url, measured));
        Harness.reached(rest());
        // Still in use: what the client holds belongs to the heap.
        caller.get(url);
    }

    private static void requests(Caller caller, String url, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            caller.get(url);
        }
    }

    /** Bytes of this thread for each request, then its CPU time and the time on the clock, in nanoseconds. */
    private static String steady(Caller caller, String url, int measured) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int size = measured / BATCHES;
        double[] bytes = new double[BATCHES];
        double[] cpu = new double[BATCHES];
        double[] clock = new double[BATCHES];
        for (int batch = 0; batch < BATCHES; batch++) {
            long bytesBefore = threads.getCurrentThreadAllocatedBytes();
            long cpuBefore = threads.getCurrentThreadCpuTime();
            long before = System.nanoTime();
            requests(caller, url, size);
            clock[batch] = (double) (System.nanoTime() - before) / size;
            cpu[batch] = (double) (threads.getCurrentThreadCpuTime() - cpuBefore) / size;
            bytes[batch] = (double) (threads.getCurrentThreadAllocatedBytes() - bytesBefore) / size;
        }
        return "steady " + Math.round(Arrays.stream(bytes).average().orElse(0)) + " " + Math.round(median(cpu)) + " "
                + Math.round(median(clock));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Bytes of the heap that are in use after collection, and the number of classes that are loaded. */
    private static String rest() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        return "rest " + (runtime.totalMemory() - runtime.freeMemory()) + " "
                + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    }
}

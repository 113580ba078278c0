package com.acme.measured;

/** Makes no HTTP call: says that {@code main} was reached, and ends. */
public final class NoCall {

    /** What is written when {@code main} is reached; nothing that an agent would print. */
    public static final int REACHED = 1;

    private NoCall() {}

    /** Writes {@link #REACHED}. */
    public static void main(String[] arguments) {
        System.out.write(REACHED);
        System.out.flush();
    }
}

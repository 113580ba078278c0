package io.poolscope.testkit;

/** How much of something is expected. */
public final class Amount {

    private final double least;
    private final double most;

    private Amount(double least, double most) {
        this.least = least;
        this.most = most;
    }

    public static Amount exactly(double value) {
        return new Amount(value, value);
    }

    public static Amount atLeast(double value) {
        return new Amount(value, Double.POSITIVE_INFINITY);
    }

    public static Amount atMost(double value) {
        return new Amount(Double.NEGATIVE_INFINITY, value);
    }

    public static Amount between(double least, double most) {
        return new Amount(least, most);
    }

    public boolean holds(double value) {
        return value >= least - 1e-9 && value <= most + 1e-9;
    }

    @Override
    public String toString() {
        if (least == most) {
            return plain(least);
        }
        if (least == Double.NEGATIVE_INFINITY) {
            return "at most " + plain(most);
        }
        return most == Double.POSITIVE_INFINITY ? "at least " + plain(least) : plain(least) + " to " + plain(most);
    }

    static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}

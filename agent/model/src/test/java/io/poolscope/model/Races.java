package io.poolscope.model;

/** What the races begin with. */
final class Races {

    static {
        // Stacks would cost more than all that is raced for.
        CallSite.oneIn(CallSite.NONE);
    }

    private Races() {}

    static Connection openConnection() {
        return Sample.openConnection();
    }

    static Connection idleConnection() {
        return Sample.idleConnection();
    }

    /** The reason of the only close there was; if there was another number of closes, that number. */
    static Object onlyReason(Route route) {
        long closes = 0;
        CloseReason only = null;
        for (CloseReason reason : CloseReason.values()) {
            closes += route.closes(reason);
            if (route.closes(reason) > 0) {
                only = reason;
            }
        }
        return closes == 1 ? only : closes;
    }
}

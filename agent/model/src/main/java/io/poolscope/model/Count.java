package io.poolscope.model;

/** What is counted for each route. Gauges go up and down; the others only up. */
public enum Count {
    /** Gauge: requests that wait for a connection now. */
    PENDING,
    /** Gauge: leases out now. */
    LEASES,
    /** Gauge: open connections with at least one lease. */
    ACTIVE,
    /** Gauge: open connections without a lease. */
    IDLE,
    /** Gauge: slots of the pool that leaks hold now. */
    LEAKED,
    /** Leases on a connection that was opened for them. */
    GRANTED_NEW,
    /** Leases on a connection that had served before. */
    GRANTED_REUSED,
    /** Waits that the application cancelled. */
    WAIT_CANCELLED,
    /** Waits that ended without a connection for another reason. */
    WAIT_FAILED,
    /** Responses closed before their end was seen, connection thrown away. */
    UNDRAINED_DISCARDED,
    /** Responses closed before their end was seen, the rest read by closing. */
    UNDRAINED_DRAINED,
    /** Responses collected without having been closed. */
    LEAKS;

    /** Whether it goes up and down. */
    public boolean isGauge() {
        return compareTo(LEAKED) <= 0;
    }
}

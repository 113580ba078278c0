package io.poolscope.model;

/**
 * A library's object with a place for our state: weaving adds this interface, and a field behind it, to the library's
 * pools, connections, leases and bodies. The state lives exactly as long as the object. Applications never call it.
 */
public interface Carrier {

    /** What was set last, null if nothing was. */
    Object poolscope$state();

    /** Sets it, with the visibility of a plain write: it is published with the library's object. */
    void poolscope$state(Object state);
}

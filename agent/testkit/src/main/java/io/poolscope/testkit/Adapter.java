package io.poolscope.testkit;

import java.io.IOException;

/** A client library as the kit knows it. One object serves all versions that the kit runs. */
public interface Adapter {

    /** How the client is called in the table. */
    String name();

    /** What is true of this version of the library. */
    Traits traits(String version);

    /** Opens a client with a pool of its own. */
    Client open(Options options) throws IOException;
}

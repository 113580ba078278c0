package io.poolscope.engine.pools;

import io.poolscope.model.Pool;
import java.util.List;

/** What there is to export. Implementations are thread-safe and return immutable snapshots. */
public interface Inventory {

    /** The pools that are told apart, and the one that stands for the others, if there are others. */
    List<PoolSeries> pools();

    /** Leaks and undrained closes by call site and route, within the bounds; the rest under {@code _OTHER}. */
    List<SiteSeries> sites();

    /** How many pools there are, exported on their own or not. */
    int poolCount();

    /** How many pools and call sites are past the bounds now, and how many pools have routes past theirs. */
    int overflow();

    /** A pool's own name, also where its numbers are among the others' or not told yet. */
    String name(Pool pool);

    /** Whether hosts and ports may be told; they can be secrets. */
    boolean tellsRoutes();
}

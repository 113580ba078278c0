package io.poolscope.testkit.wrapped.util;

import io.poolscope.testkit.wrapped.pool.PoolEntry;

/** Called like a class of httpcore's. */
public final class EntityUtils {

    private EntityUtils() {}

    public static void consume(PoolEntry entry) {
        entry.close();
    }
}

package io.poolscope.testkit.wrapped;

import io.poolscope.testkit.baddays.Errands;
import io.poolscope.testkit.wrapped.pool.PoolEntry;
import io.poolscope.testkit.wrapped.util.EntityUtils;

/** An application without an HTTP client, with classes that are called like those of one: a database's pool has such. */
public final class Alike {

    private Alike() {}

    public static void main(String[] arguments) throws InterruptedException {
        PoolEntry entry = new PoolEntry();
        EntityUtils.consume(entry);
        System.out.println("closed " + entry.isClosed());
        Errands.linger();
        System.exit(Errands.EXIT);
    }
}

package io.poolscope.testkit.wrapped.pool;

/** Called like a class of httpcore's. */
public final class PoolEntry implements AutoCloseable {

    private boolean closed;

    @Override
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }
}

/**
 * Apache HttpAsyncClient 4.0 and 4.1.
 *
 * <p>{@link io.poolscope.instrumentation.apachehttpasyncclient4.ApacheHttpAsyncClient4} is the table of hooks; the advice
 * stands in one class for each library object: {@link
 * io.poolscope.instrumentation.apachehttpasyncclient4.PoolAdvice the pool}, {@link
 * io.poolscope.instrumentation.apachehttpasyncclient4.RequestAdvice requests for a connection}, {@link
 * io.poolscope.instrumentation.apachehttpasyncclient4.ExchangeAdvice exchanges}, {@link
 * io.poolscope.instrumentation.apachehttpasyncclient4.ConnectionAdvice connections} and {@link
 * io.poolscope.instrumentation.apachehttpasyncclient4.EventAdvice what selectors tell of them}.
 *
 * <p>Nothing here blocks. A request for a connection is a {@link io.poolscope.model.Wait} until the pool takes an idle
 * connection for it, or a place in which it begins to connect: the {@link io.poolscope.model.Lease} begins there, so that
 * connecting is no waiting. Most of what follows happens in threads of the library, which serve many connections, one after
 * the other; the line of the application is that of {@code execute}.
 *
 * <p>What the library's objects carry: its pool a {@link io.poolscope.model.Routes}; the pool's future, while it lasts, the
 * wait; a selector's request to connect the lease; an exchange the wait, then the lease, and between two of them the call site for the next; a pool entry, its
 * connection, and the proxy that exchanges have of it a {@link io.poolscope.model.Connection}; a TLS session the same, until
 * the handshake is over.
 *
 * <p>Who holds a lease: the exchange. While its connection lives, selector and pool refer to the exchange through that, so
 * that one that never ends is found by its age; only where the library itself loses one can it be collected.
 */
package io.poolscope.instrumentation.apachehttpasyncclient4;

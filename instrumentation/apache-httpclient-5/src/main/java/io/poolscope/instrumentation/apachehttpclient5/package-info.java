/**
 * Apache HttpClient 5: the blocking client and the asynchronous one, which have their pools in common.
 *
 * <p>{@link io.poolscope.instrumentation.apachehttpclient5.ApacheHttpClient5} is the table of hooks; the advice stands in
 * one class for each library object: {@link io.poolscope.instrumentation.apachehttpclient5.PoolAdvice the pools}, {@link
 * io.poolscope.instrumentation.apachehttpclient5.BasicAdvice the manager of one connection}, {@link
 * io.poolscope.instrumentation.apachehttpclient5.WaitAdvice the futures in which requests wait}, {@link
 * io.poolscope.instrumentation.apachehttpclient5.ConnectionAdvice connections}, {@link
 * io.poolscope.instrumentation.apachehttpclient5.LeaseAdvice leases} and {@link
 * io.poolscope.instrumentation.apachehttpclient5.BodyAdvice bodies}.
 *
 * <p>What the library's objects carry: a pool its {@link io.poolscope.model.Routes}, the future of a lease the {@link
 * io.poolscope.model.Wait}, a pool entry and the connection in it a {@link io.poolscope.model.Connection}; the endpoint that a
 * manager hands out, the client's runtime that holds it, the response and its entity a {@link io.poolscope.model.Lease}.
 *
 * <p>{@link io.poolscope.instrumentation.apachehttpclient5.AsyncClient5} is the table of what only the asynchronous client has:
 * {@link io.poolscope.instrumentation.apachehttpclient5.AsyncManagerAdvice its manager}, {@link
 * io.poolscope.instrumentation.apachehttpclient5.AsyncRuntimeAdvice the runtime of an exchange}, {@link
 * io.poolscope.instrumentation.apachehttpclient5.AsyncExchangeAdvice requests and responses} and {@link
 * io.poolscope.instrumentation.apachehttpclient5.AsyncSessionAdvice sessions}, which selectors know. Nothing there blocks: most
 * of what happens to a lease happens in threads of the library, and the line of the application is that of {@code execute}.
 *
 * <p>What its objects carry: the manager's future the wait; its endpoint the pool entry, then the lease, as do the command for
 * a selector and what a selector makes of it; the runtime, between two requests, the call site for the next; a connection its
 * session, and the session, while a pool entry has the connection, a {@link io.poolscope.model.Connection}. Of a connection of
 * HTTP/2 that is shared there are several leases.
 *
 * <p>Who holds a lease: the endpoint. While its connection lives, selectors refer to it, so that an exchange that never ends is
 * found by its age; an endpoint that the application has leased by itself, and dropped, is collected.
 */
package io.poolscope.instrumentation.apachehttpclient5;

/**
 * Apache HttpClient 5, the blocking client, and the pools that it shares with the asynchronous one.
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
 */
package io.poolscope.instrumentation.apachehttpclient5;

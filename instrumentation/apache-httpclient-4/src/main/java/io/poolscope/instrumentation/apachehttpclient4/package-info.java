/**
 * Apache HttpClient 4.3 to 4.5, the blocking client.
 *
 * <p>{@link io.poolscope.instrumentation.apachehttpclient4.ApacheHttpClient4} is the table of hooks; the advice stands
 * in one class for each library object: {@link io.poolscope.instrumentation.apachehttpclient4.PoolAdvice the pool}, {@link
 * io.poolscope.instrumentation.apachehttpclient4.ConnectionAdvice its connections}, {@link
 * io.poolscope.instrumentation.apachehttpclient4.LeaseAdvice leases} and {@link
 * io.poolscope.instrumentation.apachehttpclient4.BodyAdvice bodies}.
 *
 * <p>What the library's objects carry: its pool a {@link io.poolscope.model.Routes}, a pool entry and the proxy of its
 * connection a {@link io.poolscope.model.Connection}, the connection's holder, the response and its entity a {@link
 * io.poolscope.model.Lease}.
 */
package io.poolscope.instrumentation.apachehttpclient4;

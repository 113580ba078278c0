/**
 * Apache HttpClient 4.2 to 4.5, the blocking client.
 *
 * <p>{@link io.poolscope.instrumentation.apachehttpclient4.ApacheHttpClient4} is the table of hooks, {@link
 * io.poolscope.instrumentation.apachehttpclient4.DefaultHttpClient42} that of the client of 4.2; the advice stands in one class
 * for each library object: {@link io.poolscope.instrumentation.apachehttpclient4.PoolAdvice the pool}, {@link
 * io.poolscope.instrumentation.apachehttpclient4.SingleAdvice a manager of one connection}, {@link
 * io.poolscope.instrumentation.apachehttpclient4.ConnectionAdvice connections}, {@link
 * io.poolscope.instrumentation.apachehttpclient4.LeaseAdvice leases} ({@link
 * io.poolscope.instrumentation.apachehttpclient4.ManagedAdvice in 4.2}) and {@link
 * io.poolscope.instrumentation.apachehttpclient4.BodyAdvice bodies}.
 *
 * <p>What the library's objects carry: its pool a {@link io.poolscope.model.Routes}, a pool entry a {@link
 * io.poolscope.model.Connection}; what the client holds of a leased entry, the holder of that, the response and its entity
 * a {@link io.poolscope.model.Lease}.
 */
package io.poolscope.instrumentation.apachehttpclient4;

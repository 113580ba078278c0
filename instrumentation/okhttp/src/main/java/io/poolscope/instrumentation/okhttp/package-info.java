/**
 * OkHttp 4 and 5, by {@code execute()} and by {@code enqueue()}.
 *
 * <p>{@link io.poolscope.instrumentation.okhttp.OkHttp} is the table of hooks; the advice stands in one class for each
 * library object: {@link io.poolscope.instrumentation.okhttp.CallAdvice calls} and their wait in the dispatcher, {@link
 * io.poolscope.instrumentation.okhttp.PoolAdvice the pool}, {@link
 * io.poolscope.instrumentation.okhttp.ConnectionAdvice its connections}, {@link
 * io.poolscope.instrumentation.okhttp.LeaseAdvice leases} and {@link io.poolscope.instrumentation.okhttp.BodyAdvice
 * bodies}.
 *
 * <p>What the library's objects carry: both its pool objects the {@link io.poolscope.model.Routes}, a {@code RealConnection}
 * its {@link io.poolscope.model.Connection} from its birth, and a {@code ConnectPlan} one that stands for the attempt; a
 * call (up to 4.3 its {@code Transmitter}) the {@link io.poolscope.model.Wait} in the dispatcher until it has a connection,
 * then the {@link io.poolscope.model.Lease}, and between two of them the call site for the next; an {@code Exchange} the lease that it belongs to.
 *
 * <p>Locks: up to 4.3 the pool has one, and acquire, release and put run under it; from 4.4 on each connection has one, and
 * they run under that.
 */
package io.poolscope.instrumentation.okhttp;

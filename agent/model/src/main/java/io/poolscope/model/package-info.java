/**
 * The domain: pools, their routes, connections, leases and waits.
 *
 * <p>These classes live in the boot loader, so that woven library code sees them from every class loader. They use
 * {@code java.*} only, take no lock, do no I/O, log nothing, and keep none of the application's objects alive: what
 * they know of a library's objects are strings and numbers.
 *
 * <p>Woven code calls in ({@link io.poolscope.model.Wait}, {@link io.poolscope.model.Lease}, {@link
 * io.poolscope.model.Connection}); the engine reads out ({@link io.poolscope.model.Pool}, {@link
 * io.poolscope.model.Outstanding}, {@link io.poolscope.model.Event}). Nothing here calls up.
 */
package io.poolscope.model;

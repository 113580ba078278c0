/**
 * What an instrumentation is made of: {@link io.poolscope.instrumentation.ClientInstrumentation} names the libraries of
 * a client, {@link io.poolscope.instrumentation.Library} the types of one jar, {@link
 * io.poolscope.instrumentation.WovenType} the hooks in one type, and each {@link io.poolscope.instrumentation.Hook} an
 * advice class of a few lines.
 *
 * <p>Rules of advice, checked by a test over the compiled classes: it names {@code java.*}, the library's own types and
 * {@code io.poolscope.model} only; it suppresses what it throws; it has no lambda and no invokedynamic, because it is
 * inlined into class files as old as version 49; it takes no lock, does no I/O, and never calls what the library guards
 * with a lock of its own.
 */
package io.poolscope.instrumentation;

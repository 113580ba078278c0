/**
 * Clients that applications do not call themselves: copies that somebody has moved to a package of his own, and libraries that
 * call a client on the application's behalf. One program for each, in {@code src/wrapped}, as its users write it.
 */
package io.poolscope.testkit.wrapped;

/** What the programs share that call an HTTP client through something that wraps it: an SDK, a framework. */
package io.poolscope.testkit.wrapped;

/**
 * The programs that are measured. They know nothing of Poolscope, and are not in its packages, so that their frames are
 * an application's. Each talks to the harness over its standard streams: a line when something has been reached, then it
 * waits for a line before it goes on.
 */
package com.acme.measured;

/**
 * The finished agent and the examples against real servers, each in a container of the image that its makers publish.
 *
 * <p>A test names the images that it {@link io.poolscope.containers.Needs}. Where one cannot be had the test is skipped, and
 * says which image it was and why; it never passes.
 */
package io.poolscope.containers;

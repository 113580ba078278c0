/**
 * Weaving: which classes are changed, when, and how.
 *
 * <p>{@link io.poolscope.engine.weaving.Weaver} sees every class that is loaded and picks by name; it is all that is
 * loaded in a program without an HTTP client. Behind it stand, loaded when the first class of interest appears, {@link
 * io.poolscope.engine.weaving.Fitting}, which decides for a library's jar whether all that is required is there, and
 * {@link io.poolscope.engine.weaving.Loom}, which changes a class with Byte Buddy.
 */
package io.poolscope.engine.weaving;

/**
 * What a person sees in a browser, and the same as JSON for scripts.
 *
 * <pre>
 *   Inventory, Route, Lease --(when somebody asks)----------------> Status  -->
 *   Inventory, Route --(four times a second)--> TimeLine -------------------->  Page   /, /api/v1/...
 *   Report, notice --(as they are written)----> Archive --------------------->
 * </pre>
 *
 * <p>Nothing of it runs in the application's threads: what is kept is kept by the engine's thread, and what is asked for is
 * made by that of the port. The page is static; it fetches the JSON, and puts it in place as text.
 */
package io.poolscope.engine.page;

/** Laws of the architecture, held against the compiled classes of all modules. */
package io.poolscope.architecture;

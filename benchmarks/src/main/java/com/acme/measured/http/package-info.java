/** The measured programs' own layer over the two libraries. A call site is looked for above it: {@code callsite.skip}. */
package com.acme.measured.http;

/** Which classes are woven. How, is seen with the finished jar: by the conformance kit, and on its bad days. */
package io.poolscope.engine.weaving;

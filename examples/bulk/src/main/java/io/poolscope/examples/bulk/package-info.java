/** Starts the bulk writer, which knows nothing of Poolscope, under the agent, and compares what the agent says of its versions. */
package io.poolscope.examples.bulk;

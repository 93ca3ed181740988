/** JMH microbenchmarks of the parts of a training step and of a stream; {@code bench/jmh} runs them. */
package dev.tandem.bench;

/**
 * The streams between Kafka and the actors. The packages in the order of the data: {@code consume}, {@code decode},
 * {@code augment}, {@code train}; {@code consume}, {@code decode}, {@code translate}, {@code encode}, {@code emit};
 * and {@code deadletter} for what falls out of either. {@code exchange} ties reading requests and emitting answers into
 * one transaction; {@code broker} watches over the broker and the topics themselves.
 */
package dev.tandem.pipeline;

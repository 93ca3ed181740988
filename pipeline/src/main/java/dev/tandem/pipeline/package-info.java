/**
 * Streams between Kafka and the actors. The sub-packages in data-flow order:
 *
 * <ul>
 *   <li>before both streams: {@code broker} checks the broker and creates missing topics
 *   <li>pairs: {@code consume} (Kafka clients), {@code augment} (random crop and flip), {@code train} (batches, training
 *       steps)
 *   <li>requests: {@code consume}, {@code transaction} (exactly-once processing), {@code translate} (latents,
 *       translations), {@code emit} (output records)
 *   <li>invalid records of both streams: {@code deadletter}
 * </ul>
 *
 * The module {@code images} decodes and encodes the images.
 */
package dev.tandem.pipeline;

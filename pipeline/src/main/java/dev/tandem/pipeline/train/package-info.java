/** The training stream: reads pairs, groups them into batches and trains the model on each batch. */
package dev.tandem.pipeline.train;

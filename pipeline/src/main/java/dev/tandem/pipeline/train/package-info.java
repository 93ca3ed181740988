/** Pairs become batches, batches become steps. */
package dev.tandem.pipeline.train;

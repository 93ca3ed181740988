/** Training stream: pairs become batches, batches become training steps. */
package dev.tandem.pipeline.train;

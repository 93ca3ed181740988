/** The training step in its three phases, sampling, and the model that owns both. */
package dev.tandem.model.train;

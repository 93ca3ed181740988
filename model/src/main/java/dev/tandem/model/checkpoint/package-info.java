/** Checkpoints: weights and optimizer state as safetensors, everything else as JSON, written so that none is half. */
package dev.tandem.model.checkpoint;

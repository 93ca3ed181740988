/** Checkpoints on disk: tensors as safetensors, everything else as JSON, each written completely or not at all. */
package dev.tandem.model.checkpoint;

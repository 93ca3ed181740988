/** Varies training pairs; the same draw for A and B, and the same again when a record is read again. */
package dev.tandem.pipeline.augment;

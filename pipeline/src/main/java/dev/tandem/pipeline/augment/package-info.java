/** Augmentation of training pairs: A and B get the same random crop and flip, and a replayed record gets them again. */
package dev.tandem.pipeline.augment;

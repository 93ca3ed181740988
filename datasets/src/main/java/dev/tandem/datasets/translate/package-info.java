/** Translates image files with a checkpoint, without Kafka. */
package dev.tandem.datasets.translate;

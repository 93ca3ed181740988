/** The translation stream: reads requests, translates them in micro-batches and commits the results. */
package dev.tandem.pipeline.translate;

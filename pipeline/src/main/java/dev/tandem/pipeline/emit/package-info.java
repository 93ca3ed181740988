/** From translations to records. */
package dev.tandem.pipeline.emit;

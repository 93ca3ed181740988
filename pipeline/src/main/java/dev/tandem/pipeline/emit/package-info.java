/** Output records: translations as encoded images with headers. */
package dev.tandem.pipeline.emit;

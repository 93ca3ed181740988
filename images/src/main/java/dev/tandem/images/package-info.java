/** Converts encoded images to tensors and back: decodes, checks, resizes and encodes. Uses no files and no Kafka. */
package dev.tandem.images;

/** Encoded images to tensors and back: decode, check, resize, encode. No files and no Kafka. */
package dev.tandem.images;

/** From bytes to pictures: every limit is checked before memory is taken. */
package dev.tandem.pipeline.decode;

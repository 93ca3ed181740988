/** From tensors to PNG. */
package dev.tandem.pipeline.encode;

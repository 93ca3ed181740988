/** From pictures to PNG and GIF. */
package dev.tandem.pipeline.encode;

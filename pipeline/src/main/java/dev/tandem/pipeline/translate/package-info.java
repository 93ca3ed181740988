/** Translation stream: requests become latents, latents become translations. */
package dev.tandem.pipeline.translate;

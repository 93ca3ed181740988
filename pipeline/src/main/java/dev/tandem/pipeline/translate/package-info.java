/** Requests become latents and translations. */
package dev.tandem.pipeline.translate;

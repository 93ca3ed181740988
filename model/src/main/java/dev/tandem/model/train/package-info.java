/** Training and sampling: the training step, the replay buffer, random numbers and latents. */
package dev.tandem.model.train;

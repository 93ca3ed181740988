/** Tensors on the heap: the images and latents that enter and leave the model. */
package dev.tandem.model.tensor;

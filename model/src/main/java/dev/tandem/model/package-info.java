/** The model as the rest of the program sees it; images and latents cross its border as plain tensors. */
package dev.tandem.model;

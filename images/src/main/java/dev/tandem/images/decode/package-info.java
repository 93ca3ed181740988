/** Decodes encoded images, alone or as pairs, and checks whether the model can use them. */
package dev.tandem.images.decode;

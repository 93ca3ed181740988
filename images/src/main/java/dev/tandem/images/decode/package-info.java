/** Decodes encoded images, single or as pairs, and checks them against the limits of the settings. */
package dev.tandem.images.decode;

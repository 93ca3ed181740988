/** Encodes images as PNG and animations as GIF. */
package dev.tandem.images.encode;

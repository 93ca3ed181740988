/** The generator, the encoder and the discriminator, written with the operations of any engine. */
package dev.tandem.model.network;

/** The generator, encoder and discriminator networks, independent of the engine. */
package dev.tandem.model.network;

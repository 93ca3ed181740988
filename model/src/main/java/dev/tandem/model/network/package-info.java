/** The three networks, written once against the vocabulary; parameter names are those of the checkpoints. */
package dev.tandem.model.network;

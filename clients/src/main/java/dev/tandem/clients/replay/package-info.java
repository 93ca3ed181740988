/** Puts dead letters back into the topics they came from. */
package dev.tandem.clients.replay;

/** Publishes image records to a topic, each once. */
package dev.tandem.clients.produce;

/** Sends image records to a topic. */
package dev.tandem.clients.produce;

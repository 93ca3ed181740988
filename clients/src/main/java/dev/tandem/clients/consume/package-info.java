/** Writes the records of a topic to files. */
package dev.tandem.clients.consume;

/** Requests translations over Kafka, as any client of the topics does. */
package dev.tandem.clients.translate;

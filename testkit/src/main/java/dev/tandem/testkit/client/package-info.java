/** Plain clients: what a user of Kafka and of the HTTP API sees. */
package dev.tandem.testkit.client;

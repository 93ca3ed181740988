/** Kafka tools behind the command line: files into topics, records into files, dead letters back into their topics. */
package dev.tandem.clients;

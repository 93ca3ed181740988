/** Kafka clients and access to the records they read. */
package dev.tandem.pipeline.consume;

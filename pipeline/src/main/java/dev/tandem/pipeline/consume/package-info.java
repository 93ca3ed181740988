/** Kafka clients and topics. */
package dev.tandem.pipeline.consume;

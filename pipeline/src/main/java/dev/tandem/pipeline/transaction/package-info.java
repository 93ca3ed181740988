/** Exactly-once processing: outputs and next offsets are committed in one Kafka transaction. */
package dev.tandem.pipeline.transaction;

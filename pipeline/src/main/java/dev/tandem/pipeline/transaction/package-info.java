/** Records for records: reading, answering and committing as one Kafka transaction. */
package dev.tandem.pipeline.transaction;

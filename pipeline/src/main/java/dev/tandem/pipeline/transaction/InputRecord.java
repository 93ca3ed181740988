package dev.tandem.pipeline.transaction;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record to process.
 *
 * @param assignment number of the assignment under which the record was read; a result is only committed while its
 *     partition still has this assignment
 * @param readAt when the record was read, by {@link System#nanoTime}
 */
public record InputRecord(ConsumerRecord<byte[], byte[]> record, long assignment, long readAt) {}

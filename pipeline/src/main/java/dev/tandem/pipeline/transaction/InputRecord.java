package dev.tandem.pipeline.transaction;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record to be answered.
 *
 * @param tenure the time its partition is this member's, by number; an answer that comes after it is not this member's
 *     to give
 * @param readAt when it was read, by {@link System#nanoTime}
 */
public record InputRecord(ConsumerRecord<byte[], byte[]> record, long tenure, long readAt) {}

package dev.tandem.pipeline.deadletter;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.pipeline.consume.Records;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Notice that a record was sent to dead letters.
 *
 * @param origin topic, partition and offset of the record
 * @param error the reason in words
 */
public record DeadLetter(Reason reason, String origin, String error) {
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        return new DeadLetter(cause.reason(), Records.origin(record), DeadLetterRecords.truncated(cause.getMessage()));
    }
}

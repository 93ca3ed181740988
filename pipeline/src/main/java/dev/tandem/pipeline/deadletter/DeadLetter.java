package dev.tandem.pipeline.deadletter;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.pipeline.consume.Records;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * That a record was sent to the dead letters.
 *
 * @param origin the record's topic, partition and offset
 * @param error what was wrong with it, for people
 */
public record DeadLetter(Reason reason, String origin, String error) {
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record, InvalidInput why) {
        return new DeadLetter(why.reason(), Records.origin(record), DeadLetterRecords.shortened(why.getMessage()));
    }
}

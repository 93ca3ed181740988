package dev.tandem.pipeline.deadletter;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.decode.UnusableRecord;
import dev.tandem.pipeline.decode.UnusableRecord.Reason;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * That a record was sent to the dead letters.
 *
 * @param origin the record's topic, partition and offset
 * @param error what was wrong with it, for people
 */
public record DeadLetter(Reason reason, String origin, String error) {
    public static DeadLetter of(ConsumerRecord<byte[], byte[]> record, UnusableRecord why) {
        return new DeadLetter(why.reason(), Records.place(record), Letters.shortened(why.getMessage()));
    }
}

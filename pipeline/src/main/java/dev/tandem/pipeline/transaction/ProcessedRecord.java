package dev.tandem.pipeline.transaction;

import dev.tandem.images.decode.InvalidInput;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What becomes of a request.
 *
 * @param records what is sent; none: the request is only passed over
 * @param unusable why it could not be used, if {@code records} is a dead letter
 * @param smaller what is sent instead if a topic does not take a record of that size; empty: nothing can be
 */
public record ProcessedRecord(
        InputRecord request,
        List<ProducerRecord<byte[], byte[]>> records,
        Optional<InvalidInput> unusable,
        Optional<ProcessedRecord> smaller) {

    public ProcessedRecord {
        records = List.copyOf(records);
    }

    long bytes() {
        return records.stream()
                .map(ProducerRecord::value)
                .mapToLong(value -> value == null ? 0 : value.length)
                .sum();
    }
}

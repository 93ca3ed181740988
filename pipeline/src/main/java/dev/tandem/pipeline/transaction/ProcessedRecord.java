package dev.tandem.pipeline.transaction;

import dev.tandem.images.decode.InvalidInput;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The result of one input record.
 *
 * @param outputs records to send; if there are none, only the next offset is committed
 * @param invalid why the input is invalid, if {@code outputs} is its dead letter
 * @param smaller the result to send instead if a topic rejects an output as too large; empty: there is none
 */
public record ProcessedRecord(
        InputRecord input,
        List<ProducerRecord<byte[], byte[]>> outputs,
        Optional<InvalidInput> invalid,
        Optional<ProcessedRecord> smaller) {

    public ProcessedRecord {
        outputs = List.copyOf(outputs);
    }

    /** Returns the size of all output values in bytes. */
    long bytes() {
        return outputs.stream()
                .map(ProducerRecord::value)
                .mapToLong(value -> value == null ? 0 : value.length)
                .sum();
    }
}

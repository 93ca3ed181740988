package dev.tandem.pipeline.transaction;

import dev.tandem.images.decode.InvalidInput;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The result of one input record.
 *
 * @param outputs records to send; if there are none, only the next offset is committed
 * @param invalid why the input is invalid, if {@code outputs} is its dead letter
 * @param alternative returns the result to send instead if a topic permanently rejects an output, from the topic's
 *     reason; empty: there is none
 */
public record ProcessedRecord(
        InputRecord input,
        List<ProducerRecord<byte[], byte[]>> outputs,
        Optional<InvalidInput> invalid,
        Optional<Function<Throwable, ProcessedRecord>> alternative) {

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

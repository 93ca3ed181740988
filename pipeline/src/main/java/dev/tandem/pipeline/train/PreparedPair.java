package dev.tandem.pipeline.train;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of the topic {@code topics.pairs} after decoding. Records that are not trained on stay in the stream,
 * because their offsets count too.
 */
sealed interface PreparedPair {

    ConsumerRecord<byte[], byte[]> record();

    /** Returns the number of pairs in the record: 1 or 0. */
    default long pairs() {
        return this instanceof Valid ? 1 : 0;
    }

    record Valid(ConsumerRecord<byte[], byte[]> record, TensorPair pair) implements PreparedPair {}

    /**
     * A pair that is held out.
     *
     * @param pair for the validation, without crop and flip; empty if the validation needs no further pairs
     */
    record HeldOut(ConsumerRecord<byte[], byte[]> record, Optional<TensorPair> pair) implements PreparedPair {}

    record Invalid(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) implements PreparedPair {}
}

package dev.tandem.pipeline.train;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the topic of pairs, decoded or not; either way its offset moves on. */
sealed interface PreparedPair {

    ConsumerRecord<byte[], byte[]> record();

    /** Pairs in it: 1 or 0. */
    default long pairs() {
        return this instanceof Usable ? 1 : 0;
    }

    record Usable(ConsumerRecord<byte[], byte[]> record, TensorPair pair) implements PreparedPair {}

    record Unusable(ConsumerRecord<byte[], byte[]> record, InvalidInput why) implements PreparedPair {}
}

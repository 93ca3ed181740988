package dev.tandem.pipeline.train;

import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.decode.UnusableRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.kafka.ConsumerMessage.CommittableMessage;

/** A record of the topic of pairs, decoded or not; either way its offset moves on. */
sealed interface PreparedPair {

    CommittableMessage<byte[], byte[]> message();

    default ConsumerRecord<byte[], byte[]> record() {
        return message().record();
    }

    /** Pairs in it: 1 or 0. */
    default long pairs() {
        return this instanceof Usable ? 1 : 0;
    }

    record Usable(CommittableMessage<byte[], byte[]> message, TensorPair pair) implements PreparedPair {}

    record Unusable(CommittableMessage<byte[], byte[]> message, UnusableRecord why) implements PreparedPair {}
}

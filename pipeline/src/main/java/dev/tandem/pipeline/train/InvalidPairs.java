package dev.tandem.pipeline.train;

import dev.tandem.images.decode.InvalidInput;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.Done;

/** Takes the pairs that the model cannot learn from. */
@FunctionalInterface
interface InvalidPairs {

    /** Sends a record to dead letters, and completes when the broker has it. */
    CompletionStage<Done> send(ConsumerRecord<byte[], byte[]> record, InvalidInput cause);
}

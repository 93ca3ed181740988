package dev.tandem.pipeline.train;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.Skipped;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.consume.Records;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A batch that is ready for its step.
 *
 * @param records the records of its pairs
 * @param a (N, C, H, W)
 * @param b (N, C', H, W)
 * @param nextOffsets the offsets after its last pair and after the other records between its pairs
 * @param isLast whether a bounded run ends with this batch
 */
record StackedBatch(
        List<ConsumerRecord<byte[], byte[]>> records, Tensor a, Tensor b, Offsets nextOffsets, boolean isLast) {

    /** @param topicIds the broker's topic ids by name */
    Train train(Map<String, String> topicIds, ActorRef<TrainReply> replyTo) {
        return new Train(a, b, nextOffsets.within(topicIds), recordOffsets(), replyTo);
    }

    /** @param topicIds the broker's topic ids by name */
    Skip skip(Map<String, String> topicIds, String reason, ActorRef<Skipped> replyTo) {
        return new Skip(nextOffsets.within(topicIds), recordOffsets(), reason, replyTo);
    }

    private Map<Partition, List<Long>> recordOffsets() {
        return records.stream()
                .collect(groupingBy(Records::partition, TreeMap::new, mapping(ConsumerRecord::offset, toList())));
    }

    /** Returns the next offset of each partition in Kafka's types. */
    Map<TopicPartition, Long> nextByPartition() {
        Map<TopicPartition, Long> next = new HashMap<>();
        nextOffsets
                .next()
                .forEach((partition, offset) ->
                        next.put(new TopicPartition(partition.topic(), partition.number()), offset));
        return next;
    }
}

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
import dev.tandem.pipeline.train.PreparedPair.Valid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The consecutive pairs of one training step.
 *
 * @param nextOffsets the offsets after its last pair and after the invalid records between its pairs
 * @param isLast whether a bounded run ends with this batch
 */
record PairBatch(List<Valid> pairs, Offsets nextOffsets, boolean isLast) {

    /** @param topicIds the broker's topic ids by name */
    Train train(Map<String, String> topicIds, ActorRef<TrainReply> replyTo) {
        return new Train(
                Tensor.stack(pairs.stream().map(valid -> valid.pair().a()).toList()),
                Tensor.stack(pairs.stream().map(valid -> valid.pair().b()).toList()),
                nextOffsets.within(topicIds),
                recordOffsets(),
                replyTo);
    }

    /** @param topicIds the broker's topic ids by name */
    Skip skip(Map<String, String> topicIds, String reason, ActorRef<Skipped> replyTo) {
        return new Skip(nextOffsets.within(topicIds), recordOffsets(), reason, replyTo);
    }

    private Map<Partition, List<Long>> recordOffsets() {
        return pairs.stream()
                .map(PreparedPair::record)
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

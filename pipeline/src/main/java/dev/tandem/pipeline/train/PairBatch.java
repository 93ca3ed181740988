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
import dev.tandem.pipeline.train.PreparedPair.Usable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Consecutive pairs.
 *
 * @param behind the offsets behind the last of them, and behind what could not be used between them
 * @param isLast whether a bounded run ends with it
 */
record PairBatch(List<Usable> pairs, Offsets behind, boolean isLast) {

    Train train(Map<String, String> topics, ActorRef<TrainReply> replyTo) {
        return new Train(
                Tensor.stack(pairs.stream().map(usable -> usable.pair().a()).toList()),
                Tensor.stack(pairs.stream().map(usable -> usable.pair().b()).toList()),
                behind.within(topics),
                places(),
                replyTo);
    }

    Skip skip(Map<String, String> topics, String reason, ActorRef<Skipped> replyTo) {
        return new Skip(behind.within(topics), places(), reason, replyTo);
    }

    /** Which records the pairs are. */
    private Map<Partition, List<Long>> places() {
        return pairs.stream()
                .map(PreparedPair::record)
                .collect(groupingBy(Records::partition, TreeMap::new, mapping(ConsumerRecord::offset, toList())));
    }

    /** The next record of each partition. */
    Map<TopicPartition, Long> next() {
        Map<TopicPartition, Long> next = new HashMap<>();
        behind.next()
                .forEach((partition, offset) ->
                        next.put(new TopicPartition(partition.topic(), partition.number()), offset));
        return next;
    }
}

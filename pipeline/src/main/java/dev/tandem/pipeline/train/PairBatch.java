package dev.tandem.pipeline.train;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

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
 * Consecutive records of which some number are pairs; the offsets are those behind the last of them.
 *
 * @param isLast whether a bounded run ends with it
 */
record PairBatch(List<PreparedPair> records, boolean isLast) {

    List<Usable> pairs() {
        return records.stream()
                .filter(Usable.class::isInstance)
                .map(Usable.class::cast)
                .toList();
    }

    Train train(Map<String, String> topics, ActorRef<TrainReply> replyTo) {
        List<Usable> pairs = pairs();
        return new Train(
                Tensor.stack(pairs.stream().map(usable -> usable.pair().a()).toList()),
                Tensor.stack(pairs.stream().map(usable -> usable.pair().b()).toList()),
                offsets(topics),
                places(),
                replyTo);
    }

    /** Which records the pairs are. */
    private Map<Partition, List<Long>> places() {
        return pairs().stream()
                .map(PreparedPair::record)
                .collect(groupingBy(Records::partition, TreeMap::new, mapping(ConsumerRecord::offset, toList())));
    }

    /** @param topics which topics the names stand for */
    Offsets offsets(Map<String, String> topics) {
        return records.stream()
                .map(prepared -> Records.after(prepared.record()))
                .reduce(Offsets.NONE.within(topics), Offsets::advancedTo);
    }

    /** The next record of each partition. */
    Map<TopicPartition, Long> next() {
        Map<TopicPartition, Long> next = new HashMap<>();
        records.forEach(prepared -> next.merge(
                new TopicPartition(prepared.record().topic(), prepared.record().partition()),
                prepared.record().offset() + 1,
                Math::max));
        return next;
    }
}

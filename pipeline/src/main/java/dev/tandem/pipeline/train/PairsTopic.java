package dev.tandem.pipeline.train;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.pipeline.broker.OffsetRange;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of training pairs at the start of a run.
 *
 * @param ids the broker's topic id by name: offsets of an earlier topic with the same name are invalid
 * @param start offset at which reading starts in each partition; the committed offsets of the group are ignored
 */
public record PairsTopic(Map<String, String> ids, Map<TopicPartition, Long> start) {
    private static final Logger LOG = LoggerFactory.getLogger(PairsTopic.class);

    /**
     * Computes the start offsets: the checkpoint's next offset, or the oldest record of a partition that is not in the
     * checkpoint.
     *
     * @param checkpoint next offsets of the model's checkpoint
     * @param ranges the offsets that exist in each partition
     */
    public static PairsTopic from(Offsets checkpoint, String name, String id, Map<TopicPartition, OffsetRange> ranges) {
        Map<String, String> ids = Map.of(name, id);
        Offsets valid = checkpoint.within(ids);
        if (valid.next().size() < checkpoint.next().size()) {
            LOG.warn("the topic {} was created again after the checkpoint; reading it from its start", name);
        }
        Map<TopicPartition, Long> start = new HashMap<>();
        ranges.forEach((partition, range) -> start.put(
                partition, start(valid.of(new Partition(partition.topic(), partition.partition())), partition, range)));
        return new PairsTopic(ids, start);
    }

    private static long start(OptionalLong checkpoint, TopicPartition partition, OffsetRange range) {
        if (checkpoint.isEmpty()) {
            return range.first();
        }
        long next = checkpoint.getAsLong();
        if (next < range.first()) {
            LOG.warn(
                    "{} records of {} were removed by retention before training read them",
                    range.first() - next,
                    partition);
        } else if (next > range.end()) {
            LOG.warn(
                    "the broker lost records of {} that the model was trained on; reading from offset {} instead of {}",
                    partition,
                    range.end(),
                    next);
        }
        return Math.max(range.first(), Math.min(range.end(), next));
    }
}

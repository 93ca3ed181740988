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
 * The topic of pairs as a run finds it.
 *
 * @param id the broker's, by name: offsets of a topic that had the name before are worth nothing
 * @param start where to read on in each partition, whatever the group has committed
 */
public record PairsTopic(Map<String, String> id, Map<TopicPartition, Long> start) {
    private static final Logger LOG = LoggerFactory.getLogger(PairsTopic.class);

    /**
     * Behind what the model has seen of this very topic; what it has not seen is read from its start.
     *
     * @param seen offsets of the model's checkpoint
     */
    public static PairsTopic from(Offsets seen, String name, String id, Map<TopicPartition, OffsetRange> offsetRanges) {
        Map<String, String> ids = Map.of(name, id);
        Offsets lasting = seen.within(ids);
        if (lasting.next().size() < seen.next().size()) {
            LOG.warn("the topic {} is not the one the checkpoint knows; reading it from its start", name);
        }
        Map<TopicPartition, Long> start = new HashMap<>();
        offsetRanges.forEach((partition, extent) -> start.put(
                partition,
                start(lasting.of(new Partition(partition.topic(), partition.partition())), partition, extent)));
        return new PairsTopic(ids, start);
    }

    private static long start(OptionalLong seen, TopicPartition partition, OffsetRange extent) {
        if (seen.isEmpty()) {
            return extent.first();
        }
        long next = seen.getAsLong();
        if (next < extent.first()) {
            LOG.warn(
                    "{} records of {} are lost to the model: the topic has let them go before they were read",
                    extent.first() - next,
                    partition);
        } else if (next > extent.end()) {
            LOG.warn(
                    "the broker has lost records of {} that the model has seen: reading on at {} instead of {}",
                    partition,
                    extent.end(),
                    next);
        }
        return Math.max(extent.first(), Math.min(extent.end(), next));
    }
}

package dev.tandem.pipeline.transaction;

import java.util.Map;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

/** Finds where reading continues in partitions without a valid committed offset. It may take a minute. */
@FunctionalInterface
public interface OffsetSearch {

    /**
     * Returns the offset at which reading continues, for each partition of the failure.
     *
     * @param failure {@link org.apache.kafka.clients.consumer.NoOffsetForPartitionException}: nothing is committed;
     *     {@link org.apache.kafka.clients.consumer.OffsetOutOfRangeException}: the position does not exist
     */
    Map<TopicPartition, Long> find(InvalidOffsetException failure);
}

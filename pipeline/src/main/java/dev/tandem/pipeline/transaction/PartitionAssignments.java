package dev.tandem.pipeline.transaction;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that are assigned to this instance. Every assignment of a partition gets a new number. A rebalance waits
 * while another thread holds the monitor of this object.
 */
final class PartitionAssignments implements ConsumerRebalanceListener {
    private final Supplier<ConsumerGroupMetadata> metadataSource;
    private final Runnable onRebalance;
    private final Map<TopicPartition, Long> assignments = new HashMap<>();
    private ConsumerGroupMetadata groupMetadata;
    private long lastAssignment;

    /** @param metadataSource called by this constructor, and later on the polling thread only */
    PartitionAssignments(Supplier<ConsumerGroupMetadata> metadataSource, Runnable onRebalance) {
        this.metadataSource = metadataSource;
        this.onRebalance = onRebalance;
        this.groupMetadata = metadataSource.get();
    }

    @Override
    public synchronized void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> assignments.put(partition, ++lastAssignment));
        refreshGroupMetadata();
        onRebalance.run();
    }

    @Override
    public synchronized void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        assignments.keySet().removeAll(List.copyOf(partitions));
    }

    /** Called after every poll, because the generation can change without a change of partitions. */
    synchronized void refreshGroupMetadata() {
        groupMetadata = metadataSource.get();
    }

    /** Returns this group member with the generation to which the assignments belong. */
    synchronized ConsumerGroupMetadata groupMetadata() {
        return groupMetadata;
    }

    /** Adds the number of the current assignment to a record that was just read. */
    synchronized InputRecord input(ConsumerRecord<byte[], byte[]> record) {
        return new InputRecord(record, assignments.get(partition(record)), System.nanoTime());
    }

    /** Returns whether the partition still has the assignment under which the record was read. */
    synchronized boolean isCurrent(InputRecord input) {
        return Objects.equals(assignments.get(partition(input.record())), input.assignment());
    }

    static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}

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
 * Which partitions are this member's, and since when. What holds the monitor of this object can be sure that none is
 * taken away meanwhile: the rebalance waits.
 */
final class PartitionAssignments implements ConsumerRebalanceListener {
    private final Supplier<ConsumerGroupMetadata> membership;
    private final Runnable rebalanced;
    private final Map<TopicPartition, Long> tenures = new HashMap<>();
    private ConsumerGroupMetadata member;
    private long last;

    /** @param membership asked on the thread that polls only */
    PartitionAssignments(Supplier<ConsumerGroupMetadata> membership, Runnable rebalanced) {
        this.membership = membership;
        this.rebalanced = rebalanced;
        this.member = membership.get();
    }

    @Override
    public synchronized void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> tenures.put(partition, ++last));
        refresh();
        rebalanced.run();
    }

    @Override
    public synchronized void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        tenures.keySet().removeAll(List.copyOf(partitions));
    }

    /** The generation may change with no partition changing hands. */
    synchronized void refresh() {
        member = membership.get();
    }

    /** This member in its group, of the generation in which the tenures hold. */
    synchronized ConsumerGroupMetadata member() {
        return member;
    }

    /** A record that was just read. */
    synchronized InputRecord request(ConsumerRecord<byte[], byte[]> record) {
        return new InputRecord(record, tenures.get(partition(record)), System.nanoTime());
    }

    synchronized boolean holds(InputRecord request) {
        return Objects.equals(tenures.get(partition(request.record())), request.tenure());
    }

    static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}

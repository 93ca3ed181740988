package dev.tandem.pipeline.consume;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions to fixed end offsets.
 *
 * @param endOffsets the offset in each partition at which reading ends
 */
public record TopicReader(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> endOffsets) {
    private static final Duration POLL = Duration.ofMillis(200);

    /** Assigns the partitions to the consumer and moves it to their first records. */
    public static TopicReader fromStart(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> endOffsets) {
        consumer.assign(endOffsets.keySet());
        consumer.seekToBeginning(endOffsets.keySet());
        return new TopicReader(consumer, endOffsets);
    }

    /** Assigns the partitions to the consumer and moves it to start offsets. */
    public static TopicReader between(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> startOffsets,
            Map<TopicPartition, Long> endOffsets) {
        consumer.assign(startOffsets.keySet());
        startOffsets.forEach(consumer::seek);
        return new TopicReader(consumer, endOffsets);
    }

    /** Returns whether a partition has unread records before its end offset. */
    public boolean hasNext() {
        return endOffsets.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** Returns the next records. The result is empty if none arrive in time; it may contain records after the end. */
    public ConsumerRecords<byte[], byte[]> poll() {
        return consumer.poll(POLL);
    }
}

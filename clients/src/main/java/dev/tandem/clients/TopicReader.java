package dev.tandem.clients;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions from their first record to fixed end offsets.
 *
 * @param endOffsets the offset in each partition at which reading ends
 */
public record TopicReader(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> endOffsets) {
    private static final Duration POLL = Duration.ofMillis(200);

    /** Assigns the partitions to the consumer and moves it to their first records. */
    public static TopicReader fromStart(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> endOffsets) {
        consumer.assign(endOffsets.keySet());
        consumer.seekToBeginning(endOffsets.keySet());
        return new TopicReader(consumer, endOffsets);
    }

    /** Whether a partition has unread records before its end offset. */
    public boolean hasNext() {
        return endOffsets.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** The next records. The result is empty if none arrive in time. */
    public ConsumerRecords<byte[], byte[]> poll() {
        return consumer.poll(POLL);
    }
}

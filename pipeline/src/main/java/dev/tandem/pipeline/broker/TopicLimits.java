package dev.tandem.pipeline.broker;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Which records a topic accepts.
 *
 * @param maxRecordBytes maximum size of a record, key and headers included: its {@code max.message.bytes}, or the
 *     {@code message.max.bytes} of the broker
 * @param compacted whether the topic is compacted, so that it accepts no record without a key
 */
public record TopicLimits(String topic, long maxRecordBytes, boolean compacted) {

    static TopicLimits of(String topic, Config config) {
        return new TopicLimits(
                topic,
                Long.parseLong(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value()),
                List.of(config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().split(","))
                        .contains(TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    /** Returns why the topic rejects a record that is sent without compression; empty: it accepts the record. */
    public Optional<String> rejection(ProducerRecord<byte[], byte[]> record) {
        int bytes = bytes(record);
        if (bytes > maxRecordBytes) {
            return Optional.of("the record has " + bytes + " bytes, but the topic " + topic + " accepts at most "
                    + maxRecordBytes + " (its max.message.bytes)");
        }
        return compacted && record.key() == null
                ? Optional.of("the record has no key, but the topic " + topic + " is compacted (its cleanup.policy)")
                : Optional.empty();
    }

    /** Returns the size that the broker compares with the limit: that of a batch with this record alone. */
    public static int bytes(ProducerRecord<byte[], byte[]> record) {
        long timestamp = 0;
        return DefaultRecordBatch.sizeInBytes(List.of(new SimpleRecord(
                timestamp, record.key(), record.value(), record.headers().toArray())));
    }
}

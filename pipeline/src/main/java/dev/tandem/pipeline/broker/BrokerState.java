package dev.tandem.pipeline.broker;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Result of one check of broker and topics. */
public sealed interface BrokerState {

    /**
     * The broker answered and all topics exist.
     *
     * @param lag number of unread records by partition
     */
    record Available(Map<TopicPartition, Long> lag) implements BrokerState {}

    /**
     * The broker or a topic is missing, or a topic changed.
     *
     * @param reason message for users
     */
    record Unavailable(String reason) implements BrokerState {}
}

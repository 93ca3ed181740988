package dev.tandem.pipeline.broker;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What a look at the broker found. */
public sealed interface BrokerState {

    /** @param lag records of each partition that wait to be read */
    record Available(Map<TopicPartition, Long> lag) implements BrokerState {}

    /** @param trouble what is missing, for people */
    record Unavailable(String trouble) implements BrokerState {}
}

package dev.tandem.clients;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.pipeline.broker.TopicLimits;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.KafkaClients;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks records before they are sent.
 *
 * @param topics the limits of the topics, by name; other topics have no limits
 * @param maxRequestBytes maximum size of a record that the producer sends
 */
public record RecordLimits(Map<String, TopicLimits> topics, long maxRequestBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(RecordLimits.class);

    public RecordLimits {
        topics = Map.copyOf(topics);
    }

    /**
     * Reads the limits of topics from the broker. If the producer compresses records, their size is unknown before they
     * are sent, and the topics have no limits.
     */
    public static RecordLimits of(Settings settings, Collection<String> topics) {
        Map<String, String> producer = KafkaClients.producerProperties(settings.kafka(), settings.topics());
        boolean compressed = !producer.getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none")
                .equals("none");
        return new RecordLimits(
                compressed ? Map.of() : limits(settings, topics),
                Long.parseLong(producer.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)));
    }

    /** Returns why a record cannot be sent; empty: its topic accepts it. */
    public Optional<String> rejection(ProducerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(topics.get(record.topic()))
                .flatMap(limits -> limits.rejection(record))
                .or(() -> aboveRequestSize(TopicLimits.bytes(record)));
    }

    private Optional<String> aboveRequestSize(int bytes) {
        return bytes > maxRequestBytes
                ? Optional.of("the record has " + bytes + " bytes, but the producer sends at most " + maxRequestBytes
                        + " (kafka.max.request.size, by default from topics.max-message-bytes)")
                : Optional.empty();
    }

    private static Map<String, TopicLimits> limits(Settings settings, Collection<String> topics) {
        Map<String, TopicLimits> limits = new TreeMap<>();
        topics.forEach(topic ->
                limits.put(topic, new TopicLimits(topic, settings.topics().maxMessageBytes(), false)));
        try {
            limits.putAll(new Topics(settings.kafka(), settings.topics())
                    .limits(topics, settings.topics().adminTimeout()));
            return limits;
        } catch (SettingsException e) {
            LOG.debug("the limits of {} cannot be read", topics, e);
            return Map.of();
        }
    }
}

package dev.tandem.clients;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.consume.KafkaClients;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka clients as anybody else would have them. */
public final class KafkaToolClients {
    private static final String FULL_BATCHES = "20";

    private KafkaToolClients() {}

    public static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka, TopicSettings topics) {
        Map<String, Object> properties = new HashMap<>(KafkaClients.producerProperties(kafka, topics));
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, FULL_BATCHES);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A producer whose transactions begin where its last owner's ended. */
    public static KafkaProducer<byte[], byte[]> transactionalProducer(Settings settings, String name) {
        Map<String, Object> properties =
                new HashMap<>(KafkaClients.producerProperties(settings.kafka(), settings.topics()));
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Behind all that has been written to partitions, what is in undecided transactions included. */
    public static Map<TopicPartition, Long> ends(KafkaSettings kafka, Collection<TopicPartition> partitions) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, "tandem-ends", "read_uncommitted")) {
            return consumer.endOffsets(partitions);
        }
    }

    /** A consumer that reads a topic from its start and sees only what was committed. */
    public static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka, String group) {
        return consumer(kafka, group, "read_committed");
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka, String group, String isolation) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

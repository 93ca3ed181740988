package dev.tandem.clients;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.TopicSettings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.consume.KafkaFailures;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates the plain Kafka clients of the tools. Keys and values are bytes. */
public final class KafkaToolClients {
    /** How long a producer waits to fill a batch. */
    private static final String LINGER_MILLIS = "20";

    private KafkaToolClients() {}

    /** A producer for many records in a row. */
    public static KafkaProducer<byte[], byte[]> producer(KafkaSettings kafka, TopicSettings topics) {
        Map<String, Object> properties = new HashMap<>(KafkaClients.producerProperties(kafka, topics));
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A producer of transactions.
     *
     * @param transactionalId fences every earlier producer with the same id
     */
    public static KafkaProducer<byte[], byte[]> transactionalProducer(Settings settings, String transactionalId) {
        Map<String, Object> properties =
                new HashMap<>(KafkaClients.producerProperties(settings.kafka(), settings.topics()));
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer of committed records. A new group starts at the beginning of a topic. */
    public static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka, String group) {
        return consumer(kafka, group, "read_committed");
    }

    /** All partitions of a topic. */
    public static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** The end offset of each partition. Records of open transactions are before it. */
    public static Map<TopicPartition, Long> uncommittedEndOffsets(
            KafkaSettings kafka, Collection<TopicPartition> partitions) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, "tandem-ends", "read_uncommitted")) {
            return consumer.endOffsets(partitions);
        }
    }

    /**
     * Runs work that uses Kafka clients.
     *
     * @throws UserError if a client fails, with the address of the brokers
     */
    public static <T> T withUserErrors(KafkaSettings kafka, Supplier<T> work) {
        try {
            return work.get();
        } catch (KafkaException e) {
            throw new UserError("Kafka at " + kafka.bootstrapServers() + ": " + KafkaFailures.message(e), e);
        }
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

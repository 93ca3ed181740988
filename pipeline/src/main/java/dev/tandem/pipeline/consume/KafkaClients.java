package dev.tandem.pipeline.consume;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.ProducerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates Kafka clients and their settings. Keys and values stay bytes, so an invalid record still has an offset. */
public record KafkaClients(ActorSystem<?> system, KafkaSettings kafka, TopicSettings topics) {

    /** Maximum size of the headers that a dead letter has in addition to its record, in bytes. */
    public static final long DEAD_LETTER_OVERHEAD = 64L << 10;

    private static final Logger LOG = LoggerFactory.getLogger(KafkaClients.class);
    /** Maximum number of requests per poll. */
    private static final String MAX_POLL_RECORDS = "32";

    private static final String BATCH_BYTES = Integer.toString(256 << 10);
    /** Milliseconds until the group removes a killed instance. */
    private static final String SESSION_TIMEOUT = "10000";
    /** Milliseconds until the broker aborts the open transaction of a killed instance. */
    private static final String TRANSACTION_TIMEOUT = "15000";

    private ConsumerSettings<byte[], byte[]> consumer(String group) {
        return ConsumerSettings.create(system, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withGroupId(group)
                .withProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false")
                .withProperty(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT)
                // Records of aborted transactions must not be processed.
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .withProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Long.toString(topics.maxMessageBytes()))
                .withProperties(kafka.clientProperties())
                // The streams drain their records in flight themselves; a stop timeout would only delay the exit.
                .withStopTimeout(Duration.ZERO);
    }

    public ProducerSettings<byte[], byte[]> producer() {
        return ProducerSettings.create(system, new ByteArraySerializer(), new ByteArraySerializer())
                // Every send is awaited, so lingering would only add latency.
                .withProperty(ProducerConfig.LINGER_MS_CONFIG, "0")
                // Back-pressure bounds the number of waiting records, so a send may wait for the broker without limit.
                .withProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE))
                .withProperties(producerProperties(kafka, topics));
    }

    /** Returns settings of a consumer that fails if an offset is missing or does not exist. */
    public ConsumerSettings<byte[], byte[]> assignedConsumer(String group) {
        return consumer(group).withProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    }

    /** Creates a consumer that reads partitions and committed offsets without being a member of the group. */
    public Consumer<byte[], byte[]> groupReader(String group, IsolationLevel isolation) {
        return assignedConsumer(group)
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString())
                .withProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false")
                .createKafkaConsumer();
    }

    /**
     * Creates a consumer whose offsets are committed in the transactions of {@link #transactionalProducer}. Its poll fails
     * if an offset is missing or does not exist.
     *
     * @param instance static name of the group member; a restarted process with this name takes its own place again
     */
    public Consumer<byte[], byte[]> transactionalConsumer(String group, Optional<String> instance) {
        ConsumerSettings<byte[], byte[]> settings = instance.map(
                        name -> assignedConsumer(group).withProperty(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name))
                .orElseGet(() -> assignedConsumer(group));
        return settings.withProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS)
                // Overrides the user's value: only with read_committed does reading the group's offsets wait for open
                // transactions that contain them.
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .withProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false")
                // With the protocol "consumer", the member epoch can change between a poll and a commit.
                .withProperty(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic")
                .createKafkaConsumer();
    }

    /** @param transactionalId unique id; an earlier producer with the same id is fenced */
    public Producer<byte[], byte[]> transactionalProducer(String transactionalId) {
        Map<String, String> properties = producerProperties(kafka, topics);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return producer().withProperties(properties).createKafkaProducer();
    }

    /**
     * Classifies a failure to create a client.
     *
     * @return {@link BrokerUnreachable} if the host name is unknown, which can change; {@link SettingsException} for any
     *     other setting, which stays wrong
     */
    public static RuntimeException creationFailure(KafkaException failure, String bootstrapServers) {
        String reason = Optional.ofNullable(failure.getCause()).orElse(failure).getMessage();
        return reason.contains("bootstrap")
                ? BrokerUnreachable.noAnswer(bootstrapServers, failure)
                : new SettingsException("cannot create a Kafka client from the settings under kafka: " + reason);
    }

    /** The settings that the Kafka clients know. */
    public static Set<String> settingNames() {
        Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        return known;
    }

    /** Warns about keys that the Kafka clients do not know. They are passed on, because plug-ins have own keys. */
    public static void warnAboutUnknownSettings(KafkaSettings kafka) {
        kafka.unknown(settingNames())
                .forEach((key, nearest) -> LOG.warn(
                        "kafka.{} is not a setting of the Kafka clients (passed on unchanged); did you mean kafka.{}?",
                        key,
                        nearest));
    }

    /** Returns the properties of every producer: the user's settings under {@code kafka}, completed by defaults. */
    public static Map<String, String> producerProperties(KafkaSettings kafka, TopicSettings topics) {
        Map<String, String> properties = new TreeMap<>(kafka.clientProperties());
        properties.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        // With several requests in flight, a topic that is being created can reject the first batch, accept the second,
        // and then reject the first for ever (KAFKA-15591). Larger batches compensate for the lost throughput.
        properties.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Long.toString(topics.maxMessageBytes() + DEAD_LETTER_OVERHEAD));
        return properties;
    }
}

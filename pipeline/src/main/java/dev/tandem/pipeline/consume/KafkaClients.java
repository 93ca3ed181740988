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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.ProducerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings of the Kafka clients; keys and values are bytes, so that whatever arrives keeps its offset. */
public record KafkaClients(ActorSystem<?> system, KafkaSettings kafka, TopicSettings topics) {

    /** What a dead letter may be larger than its record. */
    public static final long LETTER_ROOM = 64L << 10;

    private static final Logger LOG = LoggerFactory.getLogger(KafkaClients.class);
    private static final String EXCHANGED_AT_ONCE = "32";
    private static final String BATCH_BYTES = Integer.toString(256 << 10);
    private static final String SESSION_TIMEOUT = "10000";
    /** What a member that was killed in the middle of a transaction may hold up, milliseconds. */
    private static final String TRANSACTION_TIMEOUT = "15000";

    public ConsumerSettings<byte[], byte[]> consumer(String group) {
        return ConsumerSettings.create(system, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withGroupId(group)
                .withProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .withProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false")
                // How long the others wait for a member that was killed.
                .withProperty(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT)
                // What a producer's transaction took back is not there.
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .withProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Long.toString(topics.maxMessageBytes()))
                .withProperties(kafka.clientProperties())
                // Draining ends what is in flight by itself; waiting longer would only delay the exit.
                .withStopTimeout(Duration.ZERO);
    }

    public ProducerSettings<byte[], byte[]> producer() {
        return ProducerSettings.create(system, new ByteArraySerializer(), new ByteArraySerializer())
                // One at a time, each waited for: there is nothing to gather.
                .withProperty(ProducerConfig.LINGER_MS_CONFIG, "0")
                // Back-pressure bounds what waits; a broker that is away is waited for.
                .withProperty(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE))
                .withProperties(producerProperties(kafka, topics));
    }

    /** A consumer that is told where to read, and fails rather than look for a place of its own. */
    public ConsumerSettings<byte[], byte[]> assignedConsumer(String group) {
        return consumer(group).withProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    }

    /**
     * A consumer whose offsets are committed with the transactions of {@link #transactionalProducer}.
     *
     * @param instance a name that lasts, if it has one: then it takes its own place again when it comes back
     */
    public Consumer<byte[], byte[]> transactionalConsumer(String group, Optional<String> instance) {
        ConsumerSettings<byte[], byte[]> member = instance.map(
                        name -> consumer(group).withProperty(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name))
                .orElseGet(() -> consumer(group));
        return member.withProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, EXCHANGED_AT_ONCE)
                // Only so does a read of offsets wait for the transactions that have them in hand.
                .withProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .withProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false")
                // The other protocol's member epochs move between a poll and a commit.
                .withProperty(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic")
                .createKafkaConsumer();
    }

    /** @param name unlike any other's in use: its last owner is shut out */
    public Producer<byte[], byte[]> transactionalProducer(String name) {
        Map<String, String> properties = producerProperties(kafka, topics);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        return producer().withProperties(properties).createKafkaProducer();
    }

    /**
     * Why a client could not be made: a host whose name is not known may be known later, any other setting is wrong for
     * good.
     */
    public static RuntimeException notMade(KafkaException failure, String bootstrapServers) {
        String reason = Optional.ofNullable(failure.getCause()).orElse(failure).getMessage();
        return reason.contains("bootstrap")
                ? new BrokerUnreachable(bootstrapServers, failure)
                : new SettingsException("no Kafka client can be made of the settings under kafka: " + reason);
    }

    /** A misspelt key would else be passed on in silence; one of a plug-in's own is none of ours to refuse. */
    public static void warnOfUnknownSettings(KafkaSettings kafka) {
        Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        kafka.unknown(known)
                .forEach((key, nearest) -> LOG.warn(
                        "kafka.{} is no setting of Kafka's clients, but handed to them; the nearest is kafka.{}",
                        key,
                        nearest));
    }

    /** Properties of any producer of this program. */
    public static Map<String, String> producerProperties(KafkaSettings kafka, TopicSettings topics) {
        Map<String, String> properties = new TreeMap<>(kafka.clientProperties());
        properties.putIfAbsent(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        // With more, the first batch for a new topic can come too early, the second be taken, and the first refused for
        // ever (KAFKA-15591). Larger batches make up for it.
        properties.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.putIfAbsent(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Long.toString(topics.maxMessageBytes() + LETTER_ROOM));
        return properties;
    }
}

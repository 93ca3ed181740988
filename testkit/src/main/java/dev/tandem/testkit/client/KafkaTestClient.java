package dev.tandem.testkit.client;

import static org.awaitility.Awaitility.await;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.testkit.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Produces and consumes whole lists of records. It keeps no connection, so it works across restarts of the broker. */
public final class KafkaTestClient {
    private static final Duration POLL = Duration.ofMillis(200);
    /** The broker must not abort a transaction that a test leaves open on a slow machine. */
    private static final String LONG_TRANSACTIONS = "kafka.transaction.timeout.ms=" + Timeouts.HANG.toMillis();

    /** A broker that restarts on a slow machine is no failure of the test. */
    private static final String LONG_DELIVERY = "kafka.delivery.timeout.ms=" + Timeouts.HANG.toMillis();

    private final String bootstrapServers;
    private final Settings settings;

    public KafkaTestClient(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.settings = settings("topics.max-message-bytes=40 MiB", LONG_DELIVERY);
    }

    private Settings settings(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("kafka.bootstrap-servers=" + bootstrapServers);
        return SettingsLoader.load(Optional.empty(), all);
    }

    public KafkaTestAdmin admin() {
        return new KafkaTestAdmin(bootstrapServers);
    }

    /** Sends the records in order and waits for the broker. Creates missing topics. Fails if a record is not accepted. */
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        new Topics(settings.kafka(), settings.topics())
                .ensure(records.stream().map(ProducerRecord::topic).collect(Collectors.toSet()), Timeouts.HANG);
        try (KafkaProducer<byte[], byte[]> producer = KafkaToolClients.producer(settings.kafka(), settings.topics())) {
            for (Future<RecordMetadata> sent :
                    records.stream().map(producer::send).toList()) {
                sent.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param transactionalId the id under which the broker fences earlier producers */
    public KafkaProducer<byte[], byte[]> transactionalProducer(String transactionalId) {
        return KafkaToolClients.transactionalProducer(settings(LONG_TRANSACTIONS), transactionalId);
    }

    /** The first committed records of a topic, at least {@code count}. Fails if they do not arrive. */
    public List<ConsumerRecord<byte[], byte[]>> consume(String topic, int count) {
        return consume(topic, count, record -> true);
    }

    /** The first committed records that match, at least {@code count}. Fails if they do not arrive. */
    public List<ConsumerRecord<byte[], byte[]>> consume(
            String topic, int count, Predicate<ConsumerRecord<byte[], byte[]>> filter) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaToolClients.consumer(settings.kafka(), "test-" + System.nanoTime())) {
            consumer.subscribe(List.of(topic));
            await().atMost(Timeouts.HANG).alias(count + " records of " + topic).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (filter.test(record)) {
                        records.add(record);
                    }
                }
                return records.size() >= count;
            });
        }
        return records;
    }

    /** All committed records of a topic at this moment. */
    public List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic) {
        return consumeAll(topic, "read_committed");
    }

    /** All records of a topic at this moment, those of open and aborted transactions included. */
    public List<ConsumerRecord<byte[], byte[]>> consumeUncommitted(String topic) {
        return consumeAll(topic, "read_uncommitted");
    }

    private List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic, String isolation) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation, "group.id", "test");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }
}

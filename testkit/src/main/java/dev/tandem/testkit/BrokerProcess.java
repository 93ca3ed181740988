package dev.tandem.testkit;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.broker.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** A Kafka broker in a JVM of its own, and plain clients for it. */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TandemProcess process;
    private final Settings settings;

    private BrokerProcess(TandemProcess process, int port) {
        this.process = process;
        this.settings = SettingsLoader.load(
                Optional.empty(),
                List.of("kafka.bootstrap-servers=127.0.0.1:" + port, "topics.max-message-bytes=40 MiB"));
    }

    public static BrokerProcess start(Path directory, int port, String... more) {
        List<String> arguments = new ArrayList<>(List.of("broker", "--dir", directory.toString(), "--port", "" + port));
        arguments.addAll(List.of(more));
        TandemProcess process = TandemProcess.start(arguments);
        process.awaitOut("broker ready");
        return new BrokerProcess(process, port);
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrapServers() {
        return settings.kafka().bootstrapServers();
    }

    /** Creates the topics if they are missing. */
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        new Topics(settings.kafka(), settings.topics())
                .ensure(records.stream().map(ProducerRecord::topic).collect(Collectors.toSet()), PATIENCE);
        try (KafkaProducer<byte[], byte[]> producer = KafkaToolClients.producer(settings.kafka(), settings.topics())) {
            records.forEach(producer::send);
        }
    }

    public KafkaProducer<byte[], byte[]> transactionalProducer(String name) {
        return KafkaToolClients.transactionalProducer(settings, name);
    }

    public void createTopic(String name, int partitions) {
        admin(admin -> admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all());
    }

    public void deleteTopic(String name) {
        admin(admin -> admin.deleteTopics(List.of(name)).all());
    }

    /** Makes the broker slow: it sends and takes no more than so many bytes a second of any client. */
    public void throttle(double bytesPerSecond) {
        ClientQuotaEntity everybody =
                new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
        List<ClientQuotaAlteration.Op> limits = Stream.of("consumer_byte_rate", "producer_byte_rate")
                .map(rate -> new ClientQuotaAlteration.Op(rate, bytesPerSecond))
                .toList();
        admin(admin -> admin.alterClientQuotas(List.of(new ClientQuotaAlteration(everybody, limits)))
                .all());
    }

    /** How far a group says that it has read the first partition of a topic. */
    public long committed(String group, String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(topic, 0))
                    .offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    public void createScramUser(String name, String password) {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        admin(admin -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, scram, password)))
                .all());
    }

    private void admin(Function<Admin, KafkaFuture<?>> what) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            what.apply(admin).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where a topic of one partition ends for readers of what is committed, or of all. */
    public long end(String topic, boolean committed) {
        TopicPartition partition = new TopicPartition(topic, 0);
        IsolationLevel isolation = committed ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All records of a topic that are committed. */
    public List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic) {
        return consumeAll(topic, "read_committed");
    }

    /** All records of a topic, those of transactions that were taken back too. */
    public List<ConsumerRecord<byte[], byte[]>> consumeUncommitted(String topic) {
        return consumeAll(topic, "read_uncommitted");
    }

    private List<ConsumerRecord<byte[], byte[]>> consumeAll(String topic, String isolation) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", isolation, "group.id", "test");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** The first so many records of a topic. */
    public List<ConsumerRecord<byte[], byte[]>> consume(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaToolClients.consumer(settings.kafka(), "test-" + System.nanoTime())) {
            consumer.subscribe(List.of(topic));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .alias(count + " records of " + topic)
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                        return records.size() >= count;
                    });
        }
        return records;
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP: connections stay open, and nothing answers. */
    public void suspend() {
        process.suspend();
    }

    public void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
    }
}

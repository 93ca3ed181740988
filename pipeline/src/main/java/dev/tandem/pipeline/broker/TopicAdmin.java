package dev.tandem.pipeline.broker;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import dev.tandem.pipeline.consume.KafkaClients;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asynchronous queries about topics, and their creation. They fail with {@link BrokerUnreachable} if a retry can
 * succeed, and otherwise with {@link SettingsException}.
 */
final class TopicAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);
    /** Time limit of a query whose requests are answered, as a multiple of the timeout. */
    private static final int QUERY_TIMEOUT_FACTOR = 6;

    private final KafkaSettings kafka;
    private final TopicSettings settings;
    private final Admin admin;
    private final InactivityTimeout timeout;

    /** @param timeout how long a query waits without any answer; within it, the client retries with back-off */
    TopicAdmin(KafkaSettings kafka, TopicSettings settings, Duration timeout) {
        this.kafka = kafka;
        this.settings = settings;
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(timeout.multipliedBy(QUERY_TIMEOUT_FACTOR)));
        // Half of the timeout, so that a query can ask another broker if the first one hangs.
        properties.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis(settings.adminTimeout().dividedBy(2)));
        this.admin = newClient(properties);
        this.timeout = new InactivityTimeout(
                timeout,
                this::receivedBytes,
                () -> BrokerUnreachable.noAnswer(kafka.bootstrapServers(), new TimeoutException("no answer")));
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }

    private static Admin newClient(Map<String, Object> properties) {
        try {
            return Admin.create(properties);
        } catch (KafkaException e) {
            throw KafkaClients.creationFailure(e, String.valueOf(properties.get("bootstrap.servers")));
        }
    }

    /** Completes when a broker answers. */
    CompletionStage<Void> requireBroker() {
        return query(admin.describeCluster().clusterId()).thenAccept(id -> {});
    }

    /** Describes the topics that exist, by name. */
    CompletionStage<Map<String, TopicDescription>> describe(Collection<String> names) {
        CompletableFuture<Map<String, TopicDescription>> all = CompletableFuture.completedFuture(Map.of());
        for (var topic : admin.describeTopics(names).topicNameValues().entrySet()) {
            all = all.thenCombine(ifTopicExists(topic.getValue()), TopicAdmin::add);
        }
        return all;
    }

    /** Returns the answer about a topic; empty if the topic does not exist. */
    private <T> CompletionStage<Optional<T>> ifTopicExists(KafkaFuture<T> answer) {
        CompletionStage<Optional<T>> present = answer.toCompletionStage()
                .<Optional<T>>thenApply(Optional::of)
                .exceptionally(failure -> {
                    if (unwrapped(failure) instanceof UnknownTopicOrPartitionException) {
                        return Optional.empty();
                    }
                    throw classified(failure);
                });
        return timeout.limit(present);
    }

    private static Map<String, TopicDescription> add(
            Map<String, TopicDescription> topics, Optional<TopicDescription> found) {
        Map<String, TopicDescription> all = new TreeMap<>(topics);
        found.ifPresent(topic -> all.put(topic.name(), topic));
        return all;
    }

    /** Returns the limits of each topic, by name, without topics that do not exist. */
    CompletionStage<Map<String, TopicLimits>> limits(Collection<String> names) {
        List<ConfigResource> topics = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        CompletionStage<Map<String, TopicLimits>> all = CompletableFuture.completedFuture(Map.of());
        for (var topic : admin.describeConfigs(topics).values().entrySet()) {
            String name = topic.getKey().name();
            all = all.thenCombine(ifTopicExists(topic.getValue()), (limits, found) -> {
                Map<String, TopicLimits> extended = new TreeMap<>(limits);
                found.ifPresent(config -> extended.put(name, TopicLimits.of(name, config)));
                return extended;
            });
        }
        return all;
    }

    /** Describes the topics, by name. Missing ones are created if the settings allow it. */
    CompletionStage<Map<String, TopicDescription>> ensure(Collection<String> names) {
        return describe(names).thenCompose(found -> {
            Set<String> missing = new TreeSet<>(names);
            missing.removeAll(found.keySet());
            if (missing.isEmpty()) {
                return CompletableFuture.completedFuture(found);
            }
            if (!settings.createMissing()) {
                throw new SettingsException("the topics " + missing + " do not exist at " + kafka.bootstrapServers()
                        + "; create them, or set topics.create-missing=true");
            }
            return create(missing).thenCompose(done -> describe(names));
        });
    }

    /** Completes when the broker has accepted the topics, possibly a moment before they can be described. */
    private CompletionStage<Void> create(Set<String> names) {
        List<NewTopic> topics = names.stream().map(this::newTopic).toList();
        return timeout.limit(admin.createTopics(topics).all().toCompletionStage())
                .handle((done, failure) -> {
                    // Another instance may have created the topics meanwhile.
                    if (failure != null && !(unwrapped(failure) instanceof TopicExistsException)) {
                        throw classified(failure);
                    }
                    LOG.info("created the topics {}", new TreeSet<>(names));
                    return done;
                });
    }

    private NewTopic newTopic(String name) {
        long overhead = name.equals(settings.deadLetters()) ? KafkaClients.DEAD_LETTER_OVERHEAD : 0;
        return new NewTopic(name, settings.partitions(), (short) settings.replicationFactor())
                .configs(Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(settings.maxMessageBytes() + overhead)));
    }

    /** Returns the offsets that exist in each partition. */
    CompletionStage<Map<TopicPartition, OffsetRange>> offsetRanges(TopicDescription topic) {
        return listOffsets(topic, OffsetSpec.earliest())
                .thenCombine(listOffsets(topic, OffsetSpec.latest()), (earliest, latest) -> {
                    Map<TopicPartition, OffsetRange> ranges = new HashMap<>();
                    earliest.forEach((partition, first) -> ranges.put(
                            partition,
                            new OffsetRange(
                                    first.offset(), latest.get(partition).offset())));
                    return ranges;
                });
    }

    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> listOffsets(
            TopicDescription topic, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        topic.partitions()
                .forEach(partition -> specs.put(new TopicPartition(topic.name(), partition.partition()), spec));
        return query(admin.listOffsets(specs).all());
    }

    /** Sets the committed offsets of a group. */
    CompletionStage<Void> commit(String group, Map<TopicPartition, Long> nextOffsets) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        nextOffsets.forEach((partition, next) -> offsets.put(partition, new OffsetAndMetadata(next)));
        return query(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    /** Returns the number of records in each partition that the group has not committed. */
    CompletionStage<Map<TopicPartition, Long>> lag(TopicDescription topic, String group) {
        CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends = listOffsets(topic, OffsetSpec.latest());
        return ends.thenCombine(
                query(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()), TopicAdmin::difference);
    }

    private static Map<TopicPartition, Long> difference(
            Map<TopicPartition, ListOffsetsResultInfo> ends, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> lag = new HashMap<>();
        ends.forEach((partition, end) -> {
            long next = Optional.ofNullable(committed.get(partition))
                    .map(OffsetAndMetadata::offset)
                    .orElse(0L);
            lag.put(partition, Math.max(0, end.offset() - next));
        });
        return lag;
    }

    private <T> CompletionStage<T> query(KafkaFuture<T> answer) {
        return timeout.limit(answer.toCompletionStage()).exceptionally(failure -> {
            throw classified(failure);
        });
    }

    private double receivedBytes() {
        return admin.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("incoming-byte-total"))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .sum();
    }

    private RuntimeException classified(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof SettingsException || cause instanceof BrokerUnreachable) {
            return (RuntimeException) cause;
        }
        return cause instanceof RetriableException
                ? BrokerUnreachable.incomplete(kafka.bootstrapServers(), cause)
                : new SettingsException("Kafka at " + kafka.bootstrapServers() + " refuses: " + cause.getMessage());
    }

    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a broker about topics, and makes those that are missing. Whatever it is asked fails as {@link #translated} says. */
final class TopicAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

    private final KafkaSettings kafka;
    private final TopicSettings settings;
    private final Admin admin;

    /** @param patience how long to wait for a broker; its client tries again with back-off all the while */
    TopicAdmin(KafkaSettings kafka, TopicSettings settings, Duration patience) {
        this.kafka = kafka;
        this.settings = settings;
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(patience.toMillis()));
        properties.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(settings.adminTimeout().toMillis()));
        this.admin = client(properties);
    }

    private static Admin client(Map<String, Object> properties) {
        try {
            return Admin.create(properties);
        } catch (KafkaException e) {
            throw KafkaClients.notMade(e, String.valueOf(properties.get("bootstrap.servers")));
        }
    }

    /** Completes when a broker has answered. */
    CompletionStage<Void> requireBroker() {
        return admin.describeCluster().clusterId().toCompletionStage().handle((id, failure) -> {
            if (failure != null) {
                throw translated(failure);
            }
            return null;
        });
    }

    /** Those of the topics that exist, by name. */
    CompletionStage<Map<String, TopicDescription>> describe(Collection<String> names) {
        CompletableFuture<Map<String, TopicDescription>> all = CompletableFuture.completedFuture(Map.of());
        for (var topic : admin.describeTopics(names).topicNameValues().entrySet()) {
            CompletionStage<Optional<TopicDescription>> found = topic.getValue()
                    .toCompletionStage()
                    .<Optional<TopicDescription>>thenApply(Optional::of)
                    .exceptionally(failure -> {
                        if (cause(failure) instanceof UnknownTopicOrPartitionException) {
                            return Optional.empty();
                        }
                        throw translated(failure);
                    });
            all = all.thenCombine(found, TopicAdmin::with);
        }
        return all;
    }

    /** The largest record each topic takes, in bytes. */
    CompletionStage<Map<String, Long>> largestRecords(Collection<String> names) {
        List<ConfigResource> topics = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        return admin.describeConfigs(topics).all().toCompletionStage().handle((configs, failure) -> {
            if (failure != null) {
                throw translated(failure);
            }
            Map<String, Long> largest = new TreeMap<>();
            configs.forEach((topic, config) -> largest.put(
                    topic.name(),
                    Long.parseLong(
                            config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())));
            return largest;
        });
    }

    private static Map<String, TopicDescription> with(
            Map<String, TopicDescription> before, Optional<TopicDescription> found) {
        Map<String, TopicDescription> after = new TreeMap<>(before);
        found.ifPresent(topic -> after.put(topic.name(), topic));
        return after;
    }

    /** Completes when the broker knows them; where they are served a moment later is no matter. */
    CompletionStage<Void> create(Set<String> missing) {
        List<NewTopic> topics = missing.stream().map(this::newTopic).toList();
        return admin.createTopics(topics).all().toCompletionStage().handle((done, failure) -> {
            // Another member may have been quicker.
            if (failure != null && !(cause(failure) instanceof TopicExistsException)) {
                throw translated(failure);
            }
            LOG.info("created the topics {}", new TreeSet<>(missing));
            return done;
        });
    }

    /** The topics and what they are, all of them: those that are missing are created if that is allowed. */
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

    /** The offsets that each partition has. */
    CompletionStage<Map<TopicPartition, OffsetRange>> offsetRanges(TopicDescription topic) {
        return ends(topic, OffsetSpec.earliest())
                .thenCombine(ends(topic, OffsetSpec.latest()), (earliest, latest) -> {
                    Map<TopicPartition, OffsetRange> offsetRanges = new HashMap<>();
                    earliest.forEach((partition, first) -> offsetRanges.put(
                            partition,
                            new OffsetRange(
                                    first.offset(), latest.get(partition).offset())));
                    return offsetRanges;
                })
                .exceptionally(failure -> {
                    throw translated(failure);
                });
    }

    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends(TopicDescription topic, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        topic.partitions()
                .forEach(partition -> wanted.put(new TopicPartition(topic.name(), partition.partition()), which));
        return admin.listOffsets(wanted).all().toCompletionStage();
    }

    /** Says in a group's name how far it has read; for people and their tools. */
    CompletionStage<Void> publish(String group, Map<TopicPartition, Long> read) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        read.forEach((partition, next) -> offsets.put(partition, new OffsetAndMetadata(next)));
        return admin.alterConsumerGroupOffsets(group, offsets).all().toCompletionStage();
    }

    /** Records of each partition that the group has not committed yet. */
    CompletionStage<Map<TopicPartition, Long>> lag(TopicDescription topic, String group) {
        CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> ends = ends(topic, OffsetSpec.latest());
        CompletionStage<Map<TopicPartition, OffsetAndMetadata>> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage();
        return ends.thenCombine(committed, TopicAdmin::difference).exceptionally(failure -> {
            throw translated(failure);
        });
    }

    private static Map<TopicPartition, Long> difference(
            Map<TopicPartition, ListOffsetsResultInfo> ends, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> lag = new HashMap<>();
        ends.forEach((partition, end) -> {
            long read = Optional.ofNullable(committed.get(partition))
                    .map(OffsetAndMetadata::offset)
                    .orElse(0L);
            lag.put(partition, Math.max(0, end.offset() - read));
        });
        return lag;
    }

    /** {@link BrokerUnreachable} where trying again may help, {@link SettingsException} where it will not. */
    private RuntimeException translated(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof SettingsException || cause instanceof BrokerUnreachable) {
            return (RuntimeException) cause;
        }
        return cause instanceof RetriableException
                ? new BrokerUnreachable(kafka.bootstrapServers(), cause)
                : new SettingsException("Kafka at " + kafka.bootstrapServers() + " refuses: " + cause.getMessage());
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A dead letter is its record and a reason. */
    private NewTopic newTopic(String name) {
        long room = name.equals(settings.deadLetters()) ? KafkaClients.LETTER_ROOM : 0;
        return new NewTopic(name, settings.partitions(), (short) settings.replicationFactor())
                .configs(
                        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(settings.maxMessageBytes() + room)));
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

package dev.tandem.pipeline.offsets;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TranslateSettings.MissingOffsets;
import dev.tandem.pipeline.broker.OffsetRange;
import dev.tandem.pipeline.broker.TopicLimits;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.transaction.OffsetSearch;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds where translation continues if the group has no valid offset, so that no request is answered twice. */
public final class LostOffsets implements OffsetSearch {
    private static final Logger LOG = LoggerFactory.getLogger(LostOffsets.class);
    private static final Duration SEARCH_TIMEOUT = Duration.ofMinutes(1);

    private final KafkaClients clients;
    private final Settings settings;
    private final SourcesTopic sources;

    public LostOffsets(KafkaClients clients, Settings settings, SourcesTopic sources) {
        this.clients = clients;
        this.settings = settings;
        this.sources = sources;
    }

    @Override
    public Map<TopicPartition, Long> find(InvalidOffsetException failure) {
        SourcesTopic current = currentTopic();
        // The end of a partition must include open transactions.
        try (Consumer<byte[], byte[]> uncommitted = reader(IsolationLevel.READ_UNCOMMITTED);
                Consumer<byte[], byte[]> committed = reader(IsolationLevel.READ_COMMITTED)) {
            Map<TopicPartition, OffsetRange> ranges = ranges(uncommitted, failure.partitions());
            Map<TopicPartition, OffsetAndMetadata> offsets = offsetsOfGroup(committed);
            if (failure instanceof OffsetOutOfRangeException outOfRange) {
                return inRange(outOfRange, ranges, offsets, current);
            }
            Answers answers = settings.translate().missingOffsets() == MissingOffsets.TRANSLATIONS
                    ? answers(uncommitted, committed, ranges, current)
                    : Answers.NONE;
            return missing(ranges, offsets, answers, current);
        }
    }

    /** The topic can be another one than at the start of the streams, which then restart soon. */
    private SourcesTopic currentTopic() {
        return query(Topics::describe, sources.name())
                .map(SourcesTopic::of)
                .orElseThrow(() -> new UnknownTopicOrPartitionException("there is no topic " + sources.name()));
    }

    private interface TopicQuery<T> {
        Map<String, T> apply(Topics topics, Collection<String> names, Duration timeout);
    }

    /** Returns the answer about a topic; empty if the topic does not exist. */
    private <T> Optional<T> query(TopicQuery<T> query, String topic) {
        Topics topics = new Topics(settings.kafka(), settings.topics());
        try {
            return Optional.ofNullable(
                    query.apply(topics, List.of(topic), settings.topics().adminTimeout())
                            .get(topic));
        } catch (BrokerUnreachable e) {
            // The stream restarts after failures of Kafka only.
            throw new KafkaException(e.getMessage(), e);
        }
    }

    private Consumer<byte[], byte[]> reader(IsolationLevel isolation) {
        return clients.groupReader(settings.run().translateGroup(), isolation);
    }

    private static Map<TopicPartition, OffsetRange> ranges(
            Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetRange> ranges = new HashMap<>();
        consumer.beginningOffsets(partitions)
                .forEach((partition, first) -> ranges.put(partition, new OffsetRange(first, ends.get(partition))));
        return ranges;
    }

    private Map<TopicPartition, Long> inRange(
            OffsetOutOfRangeException failure,
            Map<TopicPartition, OffsetRange> ranges,
            Map<TopicPartition, OffsetAndMetadata> committed,
            SourcesTopic current) {
        Map<TopicPartition, OffsetAndMetadata> divergent =
                failure instanceof LogTruncationException truncation ? truncation.divergentOffsets() : Map.of();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        failure.offsetOutOfRangePartitions().forEach((partition, position) -> {
            SourcesTopic before = Optional.ofNullable(committed.get(partition))
                    .flatMap(sources::atCommit)
                    .orElse(sources);
            boolean replaced = !before.id().equals(current.id());
            Optional<Long> lost = Optional.ofNullable(divergent.get(partition)).map(OffsetAndMetadata::offset);
            OffsetRange range = ranges.get(partition);
            offsets.put(partition, replaced ? range.first() : inRange(partition, position, lost, range));
        });
        return offsets;
    }

    /**
     * Returns the offset at which reading continues if a position does not exist.
     *
     * @param divergent the first offset whose record the broker lost, if it is known; records from there on are new
     */
    static long inRange(TopicPartition partition, long position, Optional<Long> divergent, OffsetRange range) {
        if (position < range.first()) {
            LOG.warn(
                    "{} requests of {} were removed by retention before they were translated; translation continues at"
                            + " offset {}",
                    range.first() - position,
                    partition,
                    range.first());
            return range.first();
        }
        long offset = Math.max(range.first(), Math.min(range.end(), divergent.orElse(position)));
        if (offset < position) {
            LOG.warn(
                    "the broker lost records of {}: the committed offset is {}, the end of the partition is {};"
                            + " translation continues at offset {}",
                    partition,
                    position,
                    range.end(),
                    offset);
        }
        return offset;
    }

    private Map<TopicPartition, Long> missing(
            Map<TopicPartition, OffsetRange> ranges,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Answers answers,
            SourcesTopic current) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        ranges.forEach((partition, range) -> {
            boolean added = committed.values().stream().anyMatch(offset -> wasAddedLater(partition, offset, current));
            StartOffset start = StartOffset.decide(
                    settings.translate().missingOffsets(), partition.partition(), range, added, answers);
            start.lost().ifPresent(reason -> warn(partition, range, start.offset(), reason));
            offsets.put(partition, start.offset());
        });
        return offsets;
    }

    /** An offset that another program committed tells only that the offsets of the group have not expired. */
    private static boolean wasAddedLater(TopicPartition partition, OffsetAndMetadata committed, SourcesTopic current) {
        return current.atCommit(committed)
                .map(topic -> topic.id().equals(current.id()) && topic.partitions() <= partition.partition())
                .orElse(true);
    }

    private Map<TopicPartition, OffsetAndMetadata> offsetsOfGroup(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                new HashMap<>(consumer.committed(partitions(consumer, sources.name())));
        committed.values().removeIf(Objects::isNull);
        return committed;
    }

    private Answers answers(
            Consumer<byte[], byte[]> uncommitted,
            Consumer<byte[], byte[]> committed,
            Map<TopicPartition, OffsetRange> requests,
            SourcesTopic current) {
        Map<Integer, OffsetRange> byPartition = new HashMap<>();
        requests.forEach((partition, range) -> byPartition.put(partition.partition(), range));
        byPartition.values().removeIf(OffsetRange::isEmpty);
        if (byPartition.isEmpty()) {
            return Answers.NONE;
        }
        String translations = settings.topics().translations();
        Set<TopicPartition> outputs = Stream.of(translations, settings.topics().deadLetters())
                .flatMap(topic -> partitions(uncommitted, topic).stream())
                .collect(Collectors.toSet());
        return new AnswerSearch(committed, current, byPartition, SEARCH_TIMEOUT)
                .search(ranges(uncommitted, outputs), translations, isCompacted(translations));
    }

    /** Returns true if the right to read the settings of the topic is missing. */
    private boolean isCompacted(String topic) {
        try {
            return query(Topics::limits, topic).map(TopicLimits::compacted).orElse(true);
        } catch (SettingsException e) {
            LOG.debug("the settings of {} cannot be read", topic, e);
            return true;
        }
    }

    private static Set<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .collect(Collectors.toSet());
    }

    private void warn(TopicPartition partition, OffsetRange range, long offset, String reason) {
        LOG.warn(
                "the group {} has lost its offset of {}: translation skips {} requests and continues at offset {}, with"
                        + " {} requests to translate; {}",
                settings.run().translateGroup(),
                partition,
                offset - range.first(),
                offset,
                range.end() - offset,
                reason);
    }
}

package dev.tandem.pipeline.offsets;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.config.TranslateSettings.MissingOffsets;
import dev.tandem.pipeline.broker.OffsetRange;
import dev.tandem.pipeline.broker.TopicLimits;
import dev.tandem.pipeline.broker.Topics;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
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
        // Reading uncommitted, because the end of the partition must include open transactions.
        try (Consumer<byte[], byte[]> consumer = reader(IsolationLevel.READ_UNCOMMITTED)) {
            Map<TopicPartition, OffsetRange> ranges = ranges(consumer, failure.partitions());
            return failure instanceof OffsetOutOfRangeException outOfRange
                    ? inRange(outOfRange, ranges)
                    : missing(consumer, ranges);
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

    private static Map<TopicPartition, Long> inRange(
            OffsetOutOfRangeException failure, Map<TopicPartition, OffsetRange> ranges) {
        Map<TopicPartition, OffsetAndMetadata> divergent =
                failure instanceof LogTruncationException truncation ? truncation.divergentOffsets() : Map.of();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        failure.offsetOutOfRangePartitions()
                .forEach((partition, position) -> offsets.put(
                        partition,
                        inRange(
                                partition,
                                position,
                                Optional.ofNullable(divergent.get(partition)).map(OffsetAndMetadata::offset),
                                ranges.get(partition))));
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
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetRange> ranges) {
        MissingOffsets setting = settings.translate().missingOffsets();
        try (Consumer<byte[], byte[]> committedReader = reader(IsolationLevel.READ_COMMITTED)) {
            Collection<OffsetAndMetadata> committed = committed(committedReader);
            Answers answers =
                    setting == MissingOffsets.TRANSLATIONS ? answers(consumer, committedReader, ranges) : Answers.NONE;
            Map<TopicPartition, Long> offsets = new HashMap<>();
            ranges.forEach((partition, range) -> {
                boolean added = committed.stream().anyMatch(offset -> wasAddedLater(partition, offset));
                StartOffset start = StartOffset.decide(setting, partition.partition(), range, added, answers);
                start.lost().ifPresent(reason -> warn(partition, range, start.offset(), reason));
                offsets.put(partition, start.offset());
            });
            return offsets;
        }
    }

    private Collection<OffsetAndMetadata> committed(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> all = partitions(consumer, sources.name());
        return consumer.committed(all).values().stream()
                .filter(Objects::nonNull)
                .toList();
    }

    /** An offset without our metadata tells only that the group has offsets, so they have not expired. */
    private static boolean wasAddedLater(TopicPartition partition, OffsetAndMetadata committed) {
        return partition.partition()
                >= SourcesTopic.partitionsAtCommit(committed.metadata()).orElse(0);
    }

    private Answers answers(
            Consumer<byte[], byte[]> consumer,
            Consumer<byte[], byte[]> committedReader,
            Map<TopicPartition, OffsetRange> requests) {
        if (requests.values().stream().allMatch(OffsetRange::isEmpty)) {
            return Answers.NONE;
        }
        TopicSettings topics = settings.topics();
        List<String> outputs = List.of(topics.translations(), topics.deadLetters());
        Set<TopicPartition> partitions = outputs.stream()
                .flatMap(topic -> partitions(consumer, topic).stream())
                .collect(Collectors.toSet());
        Map<Integer, OffsetRange> byPartition = new HashMap<>();
        requests.forEach((partition, range) -> byPartition.put(partition.partition(), range));
        return new AnswerSearch(committedReader, sources, byPartition, SEARCH_TIMEOUT)
                .search(ranges(consumer, partitions), mayLoseRecords(outputs));
    }

    /** Whether an output topic is compacted, or this is unknown because the right to read its settings is missing. */
    private boolean mayLoseRecords(List<String> outputs) {
        try {
            return new Topics(settings.kafka(), settings.topics())
                    .limits(outputs, settings.topics().adminTimeout()).values().stream()
                            .anyMatch(TopicLimits::compacted);
        } catch (SettingsException e) {
            LOG.debug("the settings of {} cannot be read", outputs, e);
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

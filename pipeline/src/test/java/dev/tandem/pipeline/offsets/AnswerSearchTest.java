package dev.tandem.pipeline.offsets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.broker.OffsetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class AnswerSearchTest {
    private static final TopicPartition FIRST = new TopicPartition("translations", 0);
    private static final TopicPartition SECOND = new TopicPartition("translations", 1);
    private static final TopicPartition DEAD = new TopicPartition("dead-letters", 0);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final OutputConsumer consumer = new OutputConsumer();

    /** Returns the records of its partitions from every position on, as often as they are read. */
    private static final class OutputConsumer extends MockConsumer<byte[], byte[]> {
        private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        private long oldestRead = Long.MAX_VALUE;

        OutputConsumer() {
            super("none");
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            updateBeginningOffsets(Map.of(partition, 0L));
            oldestRead = Math.min(oldestRead, offset);
            records.get(partition).stream()
                    .filter(record -> record.offset() >= offset)
                    .forEach(this::addRecord);
        }

        void add(TopicPartition partition, long timestamp, String header, String origin, Optional<String> topicId) {
            List<ConsumerRecord<byte[], byte[]>> before = records.computeIfAbsent(partition, key -> new ArrayList<>());
            RecordHeaders headers = new RecordHeaders();
            headers.add(header, origin.getBytes(UTF_8));
            topicId.ifPresent(id -> headers.add("tandem-source-topic-id", id.getBytes(UTF_8)));
            before.add(new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    before.size(),
                    timestamp,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    null,
                    null,
                    headers,
                    Optional.empty()));
        }

        Map<TopicPartition, OffsetRange> ranges() {
            Map<TopicPartition, OffsetRange> ranges = new HashMap<>();
            records.forEach((partition, all) -> ranges.put(partition, new OffsetRange(0, all.size())));
            return ranges;
        }
    }

    @Test
    void search_translationsAndDeadLetters_findsTheLastAnswerOfEachPartition() {
        translation(FIRST, "sources-0-3");
        translation(FIRST, "sources-1-8");
        translation(SECOND, "sources-0-4");
        consumer.add(DEAD, 0, "tandem-origin", "sources-0-6", Optional.of("id"));
        consumer.add(DEAD, 0, "tandem-origin", "pairs-0-99", Optional.empty());

        Answers answers = search(0, 1, 2);

        assertThat(answers).isEqualTo(new Answers(Map.of(0, 7L, 1, 9L), Set.of(), true, false));
    }

    @Test
    void search_headersOfOtherTopicsOrMalformed_areIgnored() {
        for (String origin : List.of("sources-0", "sources-0-1-2", "sources-x-1", "sources-0--1", "others-0-5", "")) {
            translation(FIRST, origin);
        }
        translation(FIRST, "sources-0-99999999999999999999");

        assertThat(search(0).next()).isEmpty();
    }

    @Test
    void search_deadLetterOfARequestWithTranslationHeaders_countsItsOrigin() {
        consumer.add(DEAD, 0, "tandem-origin", "sources-0-6", Optional.of("id"));
        consumer.records.get(DEAD).get(0).headers().add("tandem-source", "sources-0-50".getBytes(UTF_8));

        assertThat(search(0).next()).isEqualTo(Map.of(0, 7L));
    }

    @Test
    void search_answersOfAnEarlierTopic_areIgnored() {
        consumer.add(FIRST, 0, "tandem-source", "sources-0-9", Optional.of("other id"));
        assertThat(search(0)).isEqualTo(new Answers(Map.of(), Set.of(), true, true));
    }

    @Test
    void search_answerWithoutTopicIdAfterTheEnd_isOfAnEarlierTopic() {
        consumer.add(FIRST, 0, "tandem-source", "sources-0-100", Optional.empty());
        assertThat(search(0)).isEqualTo(new Answers(Map.of(), Set.of(), true, true));
    }

    @Test
    void search_answerWithoutTopicIdBeforeTheEnd_counts() {
        consumer.add(FIRST, 0, "tandem-source", "sources-0-99", Optional.empty());
        assertThat(search(0).next()).isEqualTo(Map.of(0, 100L));
    }

    @Test
    void search_answersInTheNewestRecords_readsNoOlderOnes() {
        for (int i = 0; i < 5000; i++) {
            translation(FIRST, "sources-0-" + i / 100);
        }

        assertThat(search(0)).isEqualTo(new Answers(Map.of(0, 50L), Set.of(), true, false));
        assertThat(consumer.oldestRead).isEqualTo(4000);
    }

    @Test
    void search_answerFarBack_isFound() {
        translation(FIRST, "sources-0-7");
        for (int i = 0; i < 3500; i++) {
            translation(FIRST, "sources-1-" + i / 100);
        }

        assertThat(search(0, 1).next()).isEqualTo(Map.of(0, 8L, 1, 35L));
    }

    @Test
    void search_otherOutputPartition_isReadOnlyBackToTheTimeOfTheAnswer() {
        consumer.add(FIRST, 100 * HOUR, "tandem-source", "sources-0-7", Optional.of("id"));
        for (int i = 0; i < 5000; i++) {
            consumer.add(DEAD, i * HOUR / 10, "tandem-origin", "pairs-0-" + i, Optional.empty());
        }

        assertThat(search(0)).isEqualTo(new Answers(Map.of(0, 8L), Set.of(), true, false));
        assertThat(consumer.oldestRead).as("FIRST starts at 0").isZero();
        assertThat(consumer.position(DEAD)).isEqualTo(5000);
    }

    @Test
    void search_noTime_isUncertain() {
        translation(FIRST, "sources-0-7");

        Answers answers = new AnswerSearch(consumer, sources(), Map.of(0, new OffsetRange(0, 100)), Duration.ZERO)
                .search(consumer.ranges(), "translations", false);

        assertThat(answers.uncertain()).containsExactly(0);
    }

    @Test
    void search_openTransactionAfterAnAnswer_isUncertain() {
        translation(FIRST, "sources-0-7");
        Map<TopicPartition, OffsetRange> withOpenTransaction = Map.of(FIRST, new OffsetRange(0, 2));

        Answers answers = new AnswerSearch(
                        consumer, sources(), Map.of(0, new OffsetRange(0, 100)), Duration.ofSeconds(1))
                .search(withOpenTransaction, "translations", false);

        assertThat(answers.uncertain()).containsExactly(0);
    }

    @Test
    void search_translationsThatLoseRecords_areNotAllRetained() {
        translation(FIRST, "sources-0-7");
        Map<TopicPartition, OffsetRange> truncated = Map.of(FIRST, new OffsetRange(1, 1));

        assertThat(searched(consumer.ranges(), true, 1).allRetained()).isFalse();
        assertThat(searched(truncated, false, 1).allRetained()).isFalse();
    }

    @Test
    void search_nothingWasEverTranslated_isAllRetained() {
        Map<TopicPartition, OffsetRange> outputs = Map.of(FIRST, new OffsetRange(0, 0), DEAD, new OffsetRange(5, 5));

        assertThat(searched(outputs, true, 1).allRetained()).isTrue();
    }

    private void translation(TopicPartition partition, String source) {
        consumer.add(partition, 0, "tandem-source", source, Optional.of("id"));
    }

    private Answers search(int... partitions) {
        return searched(consumer.ranges(), false, partitions);
    }

    private Answers searched(Map<TopicPartition, OffsetRange> outputs, boolean compacted, int... partitions) {
        Map<Integer, OffsetRange> requests = new HashMap<>();
        for (int partition : partitions) {
            requests.put(partition, new OffsetRange(0, 100));
        }
        return new AnswerSearch(consumer, sources(), requests, Duration.ofMinutes(1))
                .search(outputs, "translations", compacted);
    }

    private static SourcesTopic sources() {
        return new SourcesTopic("sources", "id", 2);
    }
}

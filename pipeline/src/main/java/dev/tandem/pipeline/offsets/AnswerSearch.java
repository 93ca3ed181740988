package dev.tandem.pipeline.offsets;

import dev.tandem.pipeline.broker.OffsetRange;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.consume.TopicReader;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import dev.tandem.pipeline.emit.TranslationRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Searches the output topics for the last answered request of each partition, from the newest records backwards.
 *
 * <p>Requests of a partition are answered in their order. So the search ends in an output partition when it has found an
 * answer to each partition of requests, or when older records are also older than the answers found elsewhere.
 */
final class AnswerSearch {
    private static final long WINDOW_RECORDS = 1000;
    /** How much the clocks of the instances that wrote the outputs may differ. */
    private static final long CLOCK_TOLERANCE_MILLIS = Duration.ofMinutes(5).toMillis();

    private final Consumer<byte[], byte[]> consumer;
    private final SourcesTopic sources;
    private final Map<Integer, OffsetRange> requests;
    private final Pattern origin;
    private final long endNanos;
    private final Map<Integer, Answer> last = new HashMap<>();
    private boolean topicReplaced;

    /** The last answered request of a partition, and when it was answered. */
    private record Answer(long requestOffset, long timestamp) {
        static Answer later(Answer first, Answer second) {
            return first.requestOffset >= second.requestOffset ? first : second;
        }
    }

    /** The part of an output partition that is not searched yet. */
    private static final class Output {
        private final TopicPartition partition;
        private final long first;
        private long end;
        private long oldestTimestamp = Long.MAX_VALUE;
        private final Set<Integer> answered = new HashSet<>();

        Output(TopicPartition partition, OffsetRange range) {
            this.partition = partition;
            this.first = range.first();
            this.end = range.end();
        }

        void moveTo(long start, long oldest, Set<Integer> answeredAfterStart) {
            end = start;
            oldestTimestamp = Math.min(oldestTimestamp, oldest);
            answered.addAll(answeredAfterStart);
        }
    }

    /**
     * @param consumer of committed records
     * @param requests the offsets that exist in the partitions of requests, by partition
     * @param timeout after which the search gives up
     */
    AnswerSearch(
            Consumer<byte[], byte[]> consumer,
            SourcesTopic sources,
            Map<Integer, OffsetRange> requests,
            Duration timeout) {
        this.consumer = consumer;
        this.sources = sources;
        this.requests = Map.copyOf(requests);
        this.origin = Pattern.compile(Pattern.quote(sources.name()) + "-(\\d{1,9})-(\\d{1,18})");
        this.endNanos = System.nanoTime() + timeout.toNanos();
    }

    /**
     * Searches.
     *
     * @param outputs the offsets that exist in the output topics, those of open transactions included
     * @param translations topic of the translations, which decides whether an answer would still be retained: without it
     *     requests could be translated twice, without a dead letter only the dead letter could be repeated
     * @param compacted whether that topic is compacted
     */
    Answers search(Map<TopicPartition, OffsetRange> outputs, String translations, boolean compacted) {
        List<Output> all = outputs.entrySet().stream()
                .map(output -> new Output(output.getKey(), output.getValue()))
                .toList();
        List<Output> open = all.stream().filter(this::isOpen).toList();
        while (!open.isEmpty() && hasTime()) {
            open.forEach(this::searchWindow);
            open = open.stream().filter(this::isOpen).toList();
        }
        Map<Integer, Long> next = new HashMap<>();
        last.forEach((partition, answer) -> next.put(partition, answer.requestOffset() + 1));
        Set<Integer> uncertain = requests.keySet().stream()
                .filter(partition -> !all.stream().allMatch(output -> isLastKnown(partition, output)))
                .collect(Collectors.toSet());
        boolean allRetained = outputs.entrySet().stream()
                .filter(output -> output.getKey().topic().equals(translations))
                .map(Map.Entry::getValue)
                .allMatch(range -> range.end() == 0 || range.first() == 0 && !compacted);
        return new Answers(next, uncertain, allRetained, topicReplaced);
    }

    private boolean isOpen(Output output) {
        return !requests.keySet().stream().allMatch(partition -> isLastKnown(partition, output));
    }

    /** Whether the rest of an output partition has no later answer to the requests of a partition. */
    private boolean isLastKnown(int partition, Output output) {
        return output.end <= output.first
                || output.answered.contains(partition)
                || Optional.ofNullable(last.get(partition))
                        .filter(answer -> output.oldestTimestamp < answer.timestamp() - CLOCK_TOLERANCE_MILLIS)
                        .isPresent();
    }

    private boolean hasTime() {
        return System.nanoTime() - endNanos < 0;
    }

    /** Waits for the outcome of open transactions in the window. */
    private void searchWindow(Output output) {
        long start = Math.max(output.first, output.end - WINDOW_RECORDS);
        long oldest = Long.MAX_VALUE;
        Set<Integer> answered = new HashSet<>();
        TopicReader reader =
                TopicReader.between(consumer, Map.of(output.partition, start), Map.of(output.partition, output.end));
        while (reader.hasNext() && hasTime()) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll()) {
                if (record.offset() < output.end) {
                    oldest = Math.min(oldest, record.timestamp());
                    addAnswer(record, answered);
                }
            }
        }
        // A window is read forwards, so later answers can follow until it has been read to its end.
        if (!reader.hasNext()) {
            output.moveTo(start, oldest, answered);
        }
    }

    /** @param answered gets the partition of the request */
    private void addAnswer(ConsumerRecord<byte[], byte[]> record, Set<Integer> answered) {
        // A dead letter has the headers of its request, which may include those of a translation.
        Records.header(record, DeadLetterRecords.ORIGIN)
                .or(() -> Records.header(record, TranslationRecords.SOURCE))
                .map(origin::matcher)
                .filter(Matcher::matches)
                .ifPresent(request -> addAnswer(
                        record, answered, Integer.parseInt(request.group(1)), Long.parseLong(request.group(2))));
    }

    private void addAnswer(ConsumerRecord<byte[], byte[]> record, Set<Integer> answered, int partition, long offset) {
        if (isOfEarlierTopic(record, partition, offset)) {
            topicReplaced = true;
        } else if (requests.containsKey(partition)) {
            last.merge(partition, new Answer(offset, record.timestamp()), Answer::later);
            answered.add(partition);
        }
    }

    /** Earlier versions wrote no topic id. Then an offset that does not exist yet shows that the topic was replaced. */
    private boolean isOfEarlierTopic(ConsumerRecord<byte[], byte[]> record, int partition, long offset) {
        return Records.header(record, Records.SOURCE_TOPIC_ID)
                .map(id -> !id.equals(sources.id()))
                .orElseGet(() -> Optional.ofNullable(requests.get(partition))
                        .filter(range -> offset >= range.end())
                        .isPresent());
    }
}

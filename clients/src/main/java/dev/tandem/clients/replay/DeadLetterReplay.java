package dev.tandem.clients.replay;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.RecordLimits;
import dev.tandem.clients.replay.ReplayRule.Decision;
import dev.tandem.clients.replay.ReplayRule.Replay;
import dev.tandem.clients.replay.ReplayRule.Skip;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.consume.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * Replays dead letters into their topics of origin, each record once. The replayed record and a receipt in the topic of
 * dead letters are written in one transaction. A record is not replayed again if one of its dead letters has a receipt.
 *
 * @param rule decides which dead letters are replayed, and with which value
 * @param onSkipped gets a line for each dead letter that is skipped, with the reason
 */
public record DeadLetterReplay(Settings settings, ReplayRule rule, Consumer<String> onSkipped) {
    private static final String NAME = "tandem-replay";

    /**
     * What happened to the dead letters without a receipt.
     *
     * @param duplicates how many were not replayed because another dead letter of the same record was
     * @param skipped how many were not replayed for other reasons
     */
    public record Result(int replayed, int duplicates, int skipped) {
        private static final Result NONE = new Result(0, 0, 0);

        private Result plus(Result other) {
            return new Result(replayed + other.replayed, duplicates + other.duplicates, skipped + other.skipped);
        }
    }

    /**
     * Processes all dead letters that are now in the topic.
     *
     * @throws UserError if Kafka refuses a request
     */
    public Result run() {
        return KafkaToolClients.withUserErrors(settings.kafka(), this::replayAll);
    }

    private Result replayAll() {
        String topic = settings.topics().deadLetters();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(settings.kafka(), NAME);
                KafkaProducer<byte[], byte[]> producer =
                        KafkaToolClients.transactionalProducer(settings, NAME + "-" + topic)) {
            // Fences every other replay of this topic.
            producer.initTransactions();
            // A receipt may belong to an open transaction. Reading to the uncommitted end waits for its outcome.
            Map<TopicPartition, Long> ends = KafkaToolClients.uncommittedEndOffsets(
                    settings.kafka(), KafkaToolClients.partitions(consumer, topic));
            ReplayReceipts receipts = ReplayReceipts.read(TopicReader.fromStart(consumer, ends));
            RecordLimits limits = RecordLimits.of(
                    settings,
                    List.of(settings.topics().pairs(), settings.topics().sources()));
            TopicReader deadLetters = TopicReader.fromStart(consumer, ends);
            Result total = Result.NONE;
            while (deadLetters.hasNext()) {
                total = total.plus(replay(deadLetters.poll(), receipts, limits, producer));
            }
            return total;
        }
    }

    private Result replay(
            ConsumerRecords<byte[], byte[]> records,
            ReplayReceipts receipts,
            RecordLimits limits,
            KafkaProducer<byte[], byte[]> producer) {
        Result result = Result.NONE;
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (!ReplayReceipts.isReceipt(record) && !receipts.contain(record)) {
                result = result.plus(replay(record, receipts, limits, producer));
            }
        }
        producer.commitTransaction();
        return result;
    }

    private Result replay(
            ConsumerRecord<byte[], byte[]> deadLetter,
            ReplayReceipts receipts,
            RecordLimits limits,
            KafkaProducer<byte[], byte[]> producer) {
        if (receipts.containRecordOf(deadLetter)) {
            skip(deadLetter, "another dead letter of the same record was replayed");
            producer.send(receipts.create(deadLetter));
            return new Result(0, 1, 0);
        }
        Decision decision = rule.decide(deadLetter);
        if (decision instanceof Replay replay) {
            Optional<String> rejection = limits.rejection(replay.record());
            if (rejection.isEmpty()) {
                producer.send(replay.record());
                producer.send(receipts.create(deadLetter));
                return new Result(1, 0, 0);
            }
            skip(deadLetter, rejection.get());
        } else if (decision instanceof Skip skip) {
            skip(deadLetter, skip.reason());
        }
        return new Result(0, 0, 1);
    }

    private void skip(ConsumerRecord<byte[], byte[]> deadLetter, String reason) {
        onSkipped.accept(Records.origin(deadLetter) + " is skipped: " + reason);
    }
}

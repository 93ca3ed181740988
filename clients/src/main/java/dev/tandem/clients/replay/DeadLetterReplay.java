package dev.tandem.clients.replay;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.TopicReader;
import dev.tandem.clients.replay.ReplayRule.Decision;
import dev.tandem.clients.replay.ReplayRule.Replay;
import dev.tandem.clients.replay.ReplayRule.Skip;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Replays dead letters into their topics of origin, each one once. The replayed record and a receipt in the topic of
 * dead letters are written in one transaction; a dead letter with a receipt is not replayed again.
 *
 * @param rule decides which dead letters are replayed, and with which value
 * @param onSkipped gets a line for each dead letter that is skipped, with the reason
 */
public record DeadLetterReplay(Settings settings, ReplayRule rule, Consumer<String> onSkipped) {
    private static final String NAME = "tandem-replay";

    /** How many dead letters were replayed, and how many were skipped. */
    public record Result(int replayed, int skipped) {
        private static final Result NONE = new Result(0, 0);

        private Result plus(Decision decision) {
            return decision instanceof Replay ? new Result(replayed + 1, skipped) : new Result(replayed, skipped + 1);
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
            Set<String> receipts = receipts(TopicReader.fromStart(consumer, ends));
            TopicReader deadLetters = TopicReader.fromStart(consumer, ends);
            Result total = Result.NONE;
            while (deadLetters.hasNext()) {
                total = replay(deadLetters.poll(), receipts, producer, total);
            }
            return total;
        }
    }

    /** The positions of the dead letters that were replayed before. */
    private static Set<String> receipts(TopicReader reader) {
        Set<String> receipts = new HashSet<>();
        while (reader.hasNext()) {
            reader.poll()
                    .forEach(record ->
                            Records.header(record, DeadLetterRecords.REPLAYED).ifPresent(receipts::add));
        }
        return receipts;
    }

    private Result replay(
            ConsumerRecords<byte[], byte[]> records,
            Set<String> receipts,
            KafkaProducer<byte[], byte[]> producer,
            Result before) {
        Result result = before;
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            boolean isReceipt =
                    Records.header(record, DeadLetterRecords.REPLAYED).isPresent();
            if (!isReceipt && !receipts.contains(Records.origin(record))) {
                Decision decision = rule.decide(record);
                apply(decision, record, producer);
                result = result.plus(decision);
            }
        }
        producer.commitTransaction();
        return result;
    }

    private void apply(
            Decision decision, ConsumerRecord<byte[], byte[]> deadLetter, KafkaProducer<byte[], byte[]> producer) {
        if (decision instanceof Replay replay) {
            producer.send(replay.record());
            producer.send(receipt(deadLetter));
        } else if (decision instanceof Skip skip) {
            onSkipped.accept(Records.origin(deadLetter) + " is skipped: " + skip.reason());
        }
    }

    private static ProducerRecord<byte[], byte[]> receipt(ConsumerRecord<byte[], byte[]> deadLetter) {
        ProducerRecord<byte[], byte[]> receipt = new ProducerRecord<>(deadLetter.topic(), deadLetter.key(), null);
        receipt.headers()
                .add(DeadLetterRecords.REPLAYED, Records.origin(deadLetter).getBytes(StandardCharsets.UTF_8));
        return receipt;
    }
}

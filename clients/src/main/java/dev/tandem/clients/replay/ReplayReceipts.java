package dev.tandem.clients.replay;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.consume.TopicReader;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The receipts of replayed dead letters. A record can have several dead letters, because those of pairs are written at
 * least once. So a receipt names the dead letter and the origin of its record.
 */
final class ReplayReceipts {
    private final Set<String> deadLetters = new HashSet<>();
    private final Set<String> origins = new HashSet<>();

    /** Reads the receipts of the topic of dead letters. */
    static ReplayReceipts read(TopicReader reader) {
        ReplayReceipts receipts = new ReplayReceipts();
        Map<String, String> originsByDeadLetter = new HashMap<>();
        while (reader.hasNext()) {
            reader.poll().forEach(record -> {
                if (isReceipt(record)) {
                    receipts.add(record);
                } else {
                    origin(record).ifPresent(origin -> originsByDeadLetter.put(Records.origin(record), origin));
                }
            });
        }
        // Earlier versions wrote receipts without the origin.
        originsByDeadLetter.keySet().retainAll(receipts.deadLetters);
        receipts.origins.addAll(originsByDeadLetter.values());
        return receipts;
    }

    static boolean isReceipt(ConsumerRecord<byte[], byte[]> record) {
        return Records.header(record, DeadLetterRecords.REPLAYED).isPresent();
    }

    /** Returns whether this dead letter has a receipt. */
    boolean contain(ConsumerRecord<byte[], byte[]> deadLetter) {
        return deadLetters.contains(Records.origin(deadLetter));
    }

    /** Returns whether a dead letter of the same record has a receipt. */
    boolean containRecordOf(ConsumerRecord<byte[], byte[]> deadLetter) {
        return origin(deadLetter).filter(origins::contains).isPresent();
    }

    /** Adds the receipt of a dead letter, and returns it as a record for the topic of dead letters. */
    ProducerRecord<byte[], byte[]> create(ConsumerRecord<byte[], byte[]> deadLetter) {
        String position = Records.origin(deadLetter);
        // A compacted topic accepts no record without a key.
        byte[] key = Optional.ofNullable(deadLetter.key()).orElseGet(() -> bytes(position));
        ProducerRecord<byte[], byte[]> receipt = new ProducerRecord<>(deadLetter.topic(), key, null);
        receipt.headers().add(DeadLetterRecords.REPLAYED, bytes(position));
        deadLetters.add(position);
        origin(deadLetter).ifPresent(origin -> {
            receipt.headers().add(DeadLetterRecords.REPLAYED_ORIGIN, bytes(origin));
            origins.add(origin);
        });
        return receipt;
    }

    private void add(ConsumerRecord<byte[], byte[]> receipt) {
        Records.header(receipt, DeadLetterRecords.REPLAYED).ifPresent(deadLetters::add);
        Records.header(receipt, DeadLetterRecords.REPLAYED_ORIGIN).ifPresent(origins::add);
    }

    private static Optional<String> origin(ConsumerRecord<byte[], byte[]> deadLetter) {
        return Records.header(deadLetter, DeadLetterRecords.ORIGIN);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

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
 * least once. So a receipt names the dead letter and the record: its origin and, because a topic can be created again with
 * the same name, the id of its topic.
 */
final class ReplayReceipts {
    private final Set<String> deadLetters = new HashSet<>();
    private final Set<String> records = new HashSet<>();

    /** Reads the receipts of the topic of dead letters. */
    static ReplayReceipts read(TopicReader reader) {
        ReplayReceipts receipts = new ReplayReceipts();
        Map<String, String> recordsByDeadLetter = new HashMap<>();
        while (reader.hasNext()) {
            reader.poll().forEach(record -> {
                if (isReceipt(record)) {
                    receipts.add(record);
                } else {
                    recordOf(record, DeadLetterRecords.ORIGIN)
                            .ifPresent(origin -> recordsByDeadLetter.put(Records.origin(record), origin));
                }
            });
        }
        // Earlier versions wrote receipts without the origin.
        recordsByDeadLetter.keySet().retainAll(receipts.deadLetters);
        receipts.records.addAll(recordsByDeadLetter.values());
        return receipts;
    }

    static boolean isReceipt(ConsumerRecord<byte[], byte[]> record) {
        return Records.header(record, DeadLetterRecords.REPLAYED).isPresent();
    }

    /** Returns whether this dead letter has a receipt. */
    boolean hasReceiptFor(ConsumerRecord<byte[], byte[]> deadLetter) {
        return deadLetters.contains(Records.origin(deadLetter));
    }

    /** Returns whether a dead letter of the same record has a receipt. */
    boolean hasReceiptForRecordOf(ConsumerRecord<byte[], byte[]> deadLetter) {
        return recordOf(deadLetter, DeadLetterRecords.ORIGIN)
                .filter(records::contains)
                .isPresent();
    }

    /** Adds the receipt of a dead letter, and returns it as a record for the topic of dead letters. */
    ProducerRecord<byte[], byte[]> create(ConsumerRecord<byte[], byte[]> deadLetter) {
        String position = Records.origin(deadLetter);
        // A compacted topic accepts no record without a key.
        byte[] key = Optional.ofNullable(deadLetter.key()).orElseGet(() -> bytes(position));
        ProducerRecord<byte[], byte[]> receipt = new ProducerRecord<>(deadLetter.topic(), key, null);
        receipt.headers().add(DeadLetterRecords.REPLAYED, bytes(position));
        copy(deadLetter, DeadLetterRecords.ORIGIN, receipt, DeadLetterRecords.REPLAYED_ORIGIN);
        copy(deadLetter, Records.SOURCE_TOPIC_ID, receipt, Records.SOURCE_TOPIC_ID);
        deadLetters.add(position);
        recordOf(deadLetter, DeadLetterRecords.ORIGIN).ifPresent(records::add);
        return receipt;
    }

    private void add(ConsumerRecord<byte[], byte[]> receipt) {
        Records.header(receipt, DeadLetterRecords.REPLAYED).ifPresent(deadLetters::add);
        recordOf(receipt, DeadLetterRecords.REPLAYED_ORIGIN).ifPresent(records::add);
    }

    private static Optional<String> recordOf(ConsumerRecord<byte[], byte[]> record, String originHeader) {
        return Records.header(record, originHeader)
                .map(origin ->
                        origin + Records.header(record, Records.SOURCE_TOPIC_ID).orElse(""));
    }

    private static void copy(
            ConsumerRecord<byte[], byte[]> from, String name, ProducerRecord<byte[], byte[]> to, String newName) {
        Records.header(from, name).ifPresent(text -> to.headers().add(newName, bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

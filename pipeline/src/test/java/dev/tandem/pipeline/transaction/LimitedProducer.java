package dev.tandem.pipeline.transaction;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A mock producer that rejects records above a size, and records with the key {@link #INVALID_KEY}. As with the real
 * producer, a rejection also fails the later records of its transaction, with the same exception.
 */
final class LimitedProducer extends MockProducer<byte[], byte[]> {
    static final int MAX_BYTES = 100;
    static final byte[] INVALID_KEY = {1};

    private final int maxBytes;
    private Runnable duringSend = () -> {};
    private Optional<ConsumerGroupMetadata> group = Optional.empty();
    private Optional<KafkaException> rejection = Optional.empty();

    LimitedProducer(int maxBytes) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.maxBytes = maxBytes;
    }

    /** Runs the action once, while the records of the next transaction are being sent. */
    void duringSend(Runnable action) {
        duringSend = action;
    }

    /** The group member of the last transaction. */
    ConsumerGroupMetadata group() {
        return group.orElseThrow();
    }

    List<Integer> committedSizes() {
        return history().stream().map(record -> record.value().length).toList();
    }

    Map<TopicPartition, Long> committedOffsets() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map<String, Map<TopicPartition, OffsetAndMetadata>> groups : consumerGroupOffsetsHistory()) {
            groups.values()
                    .forEach(committed ->
                            committed.forEach((partition, offset) -> offsets.put(partition, offset.offset())));
        }
        return offsets;
    }

    /** Returns a result with one output per size. */
    static ProcessedRecord result(InputRecord input, int... sizes) {
        return new ProcessedRecord(input, outputs(sizes), Optional.empty(), Optional.empty());
    }

    static List<ProducerRecord<byte[], byte[]>> outputs(int... sizes) {
        return Arrays.stream(sizes)
                .mapToObj(size -> new ProducerRecord<byte[], byte[]>("translations", new byte[size]))
                .toList();
    }

    /** The commit flushes again, so the action must not run twice. */
    @Override
    public void flush() {
        Runnable action = duringSend;
        duringSend = () -> {};
        action.run();
        super.flush();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
        group = Optional.of(metadata);
        super.sendOffsetsToTransaction(offsets, metadata);
    }

    @Override
    public void beginTransaction() {
        rejection = Optional.empty();
        super.beginTransaction();
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        rejection = rejection.or(() -> rejection(record));
        if (rejection.isPresent()) {
            callback.onCompletion(null, rejection.get());
            return null;
        }
        return super.send(record, callback);
    }

    private Optional<KafkaException> rejection(ProducerRecord<byte[], byte[]> record) {
        if (Arrays.equals(record.key(), INVALID_KEY)) {
            return Optional.of(new InvalidRecordException("invalid"));
        }
        return record.value().length > maxBytes
                ? Optional.of(new RecordTooLargeException("too large"))
                : Optional.empty();
    }
}

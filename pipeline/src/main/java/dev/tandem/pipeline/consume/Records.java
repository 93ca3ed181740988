package dev.tandem.pipeline.consume;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What is read off Kafka's records. */
public final class Records {
    private static final byte[] NOTHING = {};

    private Records() {}

    /** A header's text; the last one if there are several, as Kafka has it. */
    public static Optional<String> header(ConsumerRecord<?, ?> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** The value; a tombstone is empty. */
    public static byte[] value(ConsumerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(record.value()).orElse(NOTHING);
    }

    public static Partition partition(ConsumerRecord<?, ?> record) {
        return new Partition(record.topic(), record.partition());
    }

    /** The offsets of someone who has read up to and with this record. */
    public static Offsets nextOffsets(ConsumerRecord<?, ?> record) {
        return new Offsets(Map.of(partition(record), record.offset() + 1));
    }

    /** Where a record lies: {@code topic-partition-offset}. */
    public static String origin(ConsumerRecord<?, ?> record) {
        return partition(record) + "-" + record.offset();
    }
}

package dev.tandem.pipeline.consume;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Accessors for consumed Kafka records. */
public final class Records {
    /** Header of translations and dead letters: the broker's id of the topic of the request. */
    public static final String SOURCE_TOPIC_ID = "tandem-source-topic-id";

    private static final byte[] EMPTY = {};

    private Records() {}

    /** Returns the text of a header; of several with this name the last, as Kafka does. */
    public static Optional<String> header(ConsumerRecord<?, ?> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** Returns the value; a tombstone has an empty value. */
    public static byte[] value(ConsumerRecord<byte[], byte[]> record) {
        return Optional.ofNullable(record.value()).orElse(EMPTY);
    }

    public static Partition partition(ConsumerRecord<?, ?> record) {
        return new Partition(record.topic(), record.partition());
    }

    /** Returns the next offset after this record. */
    public static Offsets nextOffsets(ConsumerRecord<?, ?> record) {
        return new Offsets(Map.of(partition(record), record.offset() + 1));
    }

    /** Returns the position of a record: {@code topic-partition-offset}. */
    public static String origin(ConsumerRecord<?, ?> record) {
        return partition(record) + "-" + record.offset();
    }
}

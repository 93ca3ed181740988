package dev.tandem.pipeline.deadletter;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.consume.Records;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Dead letters: unchanged invalid records with the reason in additional headers. */
public record DeadLetterRecords(String topic) {
    public static final String REASON = "tandem-reason";
    public static final String ERROR = "tandem-error";
    public static final String ERROR_CLASS = "tandem-error-class";
    public static final String ORIGIN = "tandem-origin";
    /** Length of the value in bytes; present only if the value was too large for the topic. */
    public static final String DROPPED_VALUE = "tandem-dropped-value";
    /** Marks a receipt, which is not a dead letter itself: the origin of the dead letter that was replayed. */
    public static final String REPLAYED = "tandem-replayed";
    /** All headers that this class adds, and {@link #REPLAYED}. */
    public static final List<String> HEADERS = List.of(REASON, ERROR, ERROR_CLASS, ORIGIN, DROPPED_VALUE, REPLAYED);

    /** The former name of {@link InvalidInput}; it stays because programs that read dead letters rely on it. */
    private static final String ERROR_CLASS_VALUE = "dev.tandem.pipeline.decode.UnusableRecord";

    private static final int MAX_ERROR_LENGTH = 500;
    private static final Iterable<Header> NO_HEADERS = List.of();

    /**
     * Returns the dead letter and two smaller variants, in the order in which to try them if the topic rejects a record
     * as too large: complete, without the value, and without value, key and original headers.
     */
    public List<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        ProducerRecord<byte[], byte[]> complete =
                deadLetter(record, record.key(), record.value(), record.headers(), cause);
        ProducerRecord<byte[], byte[]> withoutValue = deadLetter(record, record.key(), null, record.headers(), cause);
        ProducerRecord<byte[], byte[]> reasonOnly = deadLetter(record, null, null, NO_HEADERS, cause);
        String length = Integer.toString(Records.value(record).length);
        add(withoutValue.headers(), DROPPED_VALUE, length);
        add(reasonOnly.headers(), DROPPED_VALUE, length);
        return List.of(complete, withoutValue, reasonOnly);
    }

    private ProducerRecord<byte[], byte[]> deadLetter(
            ConsumerRecord<byte[], byte[]> record,
            byte[] key,
            byte[] value,
            Iterable<Header> headers,
            InvalidInput cause) {
        ProducerRecord<byte[], byte[]> deadLetter = new ProducerRecord<>(topic, null, key, value, headers);
        // A replayed record may have these headers from its earlier failure.
        HEADERS.forEach(deadLetter.headers()::remove);
        add(deadLetter.headers(), REASON, cause.reason().name());
        add(deadLetter.headers(), ERROR, truncated(cause.getMessage()));
        add(deadLetter.headers(), ERROR_CLASS, ERROR_CLASS_VALUE);
        add(deadLetter.headers(), ORIGIN, Records.origin(record));
        return deadLetter;
    }

    /** Limits the length: a message may quote input of any length. */
    static String truncated(String message) {
        return message.length() > MAX_ERROR_LENGTH ? message.substring(0, MAX_ERROR_LENGTH) + "..." : message;
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}

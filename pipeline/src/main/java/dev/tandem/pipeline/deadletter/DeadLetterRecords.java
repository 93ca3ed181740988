package dev.tandem.pipeline.deadletter;

import dev.tandem.config.SettingsException;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.consume.KafkaFailures;
import dev.tandem.pipeline.consume.Records;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Dead letters: unchanged invalid records with the reason in additional headers. */
public record DeadLetterRecords(String topic) {
    public static final String REASON = "tandem-reason";
    public static final String ERROR = "tandem-error";
    public static final String ERROR_CLASS = "tandem-error-class";
    public static final String ORIGIN = "tandem-origin";
    /** Length of the value in bytes; present only if the value was too large for the topic. */
    public static final String DROPPED_VALUE = "tandem-dropped-value";
    /** Marks a receipt, which is not a dead letter itself: the position of the dead letter that was replayed. */
    public static final String REPLAYED = "tandem-replayed";
    /** Header of a receipt: {@link #ORIGIN} of the dead letter that was replayed. */
    public static final String REPLAYED_ORIGIN = "tandem-replayed-origin";
    /** All headers of dead letters and receipts. */
    public static final List<String> HEADERS = List.of(
            REASON, ERROR, ERROR_CLASS, ORIGIN, Records.SOURCE_TOPIC_ID, DROPPED_VALUE, REPLAYED, REPLAYED_ORIGIN);

    /** The former name of {@link InvalidInput}; it stays because programs that read dead letters rely on it. */
    private static final String ERROR_CLASS_VALUE = "dev.tandem.pipeline.decode.UnusableRecord";

    private static final int MAX_ERROR_LENGTH = 500;
    /** For topics that accept only very small records. */
    private static final int MIN_ERROR_LENGTH = 100;

    /**
     * Returns the dead letter and two smaller variants, in the order in which to try them if the topic rejects a record:
     * complete, without the value, and without value, original key and original headers. Each has a key, because a
     * compacted topic rejects records without one: the key of the record, or its origin.
     */
    public List<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        byte[] key = Optional.ofNullable(record.key()).orElseGet(() -> originKey(record));
        ProducerRecord<byte[], byte[]> complete = new ProducerRecord<>(topic, null, key, record.value());
        ProducerRecord<byte[], byte[]> withoutValue = new ProducerRecord<>(topic, null, key, null);
        ProducerRecord<byte[], byte[]> reasonOnly = new ProducerRecord<>(topic, null, originKey(record), null);
        List.of(complete, withoutValue).forEach(variant -> {
            record.headers().forEach(variant.headers()::add);
            // A replayed record may have these headers from its earlier failure.
            HEADERS.forEach(variant.headers()::remove);
            addReason(variant.headers(), record, cause, MAX_ERROR_LENGTH);
        });
        addReason(reasonOnly.headers(), record, cause, MIN_ERROR_LENGTH);
        String length = Integer.toString(Records.value(record).length);
        add(withoutValue.headers(), DROPPED_VALUE, length);
        add(reasonOnly.headers(), DROPPED_VALUE, length);
        return List.of(complete, withoutValue, reasonOnly);
    }

    /** Returns the key of the record before it became a dead letter; empty: it had none. */
    public static Optional<byte[]> originalKey(ConsumerRecord<byte[], byte[]> deadLetter) {
        Optional<String> origin = Records.header(deadLetter, ORIGIN);
        return Optional.ofNullable(deadLetter.key())
                .filter(key -> !origin.equals(Optional.of(new String(key, StandardCharsets.UTF_8))));
    }

    /** Returns the failure if the topic rejects even the smallest dead letter of a record. */
    public static SettingsException rejected(String origin, Throwable rejection) {
        return new SettingsException("the topic of dead letters rejects even the smallest dead letter of " + origin
                + ": " + KafkaFailures.message(rejection) + "; correct the settings of the topic");
    }

    private static byte[] originKey(ConsumerRecord<byte[], byte[]> record) {
        return Records.origin(record).getBytes(StandardCharsets.UTF_8);
    }

    private static void addReason(
            Headers headers, ConsumerRecord<byte[], byte[]> record, InvalidInput cause, int maxErrorLength) {
        add(headers, REASON, cause.reason().name());
        add(headers, ERROR, truncated(cause.getMessage(), maxErrorLength));
        add(headers, ERROR_CLASS, ERROR_CLASS_VALUE);
        add(headers, ORIGIN, Records.origin(record));
    }

    /** Limits the length: a message may quote input of any length. */
    static String truncated(String message) {
        return truncated(message, MAX_ERROR_LENGTH);
    }

    private static String truncated(String message, int maxLength) {
        return message.length() > maxLength ? message.substring(0, maxLength) + "..." : message;
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}

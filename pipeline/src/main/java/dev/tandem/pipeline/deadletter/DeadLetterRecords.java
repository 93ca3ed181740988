package dev.tandem.pipeline.deadletter;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.consume.Records;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Dead letters: records that could not be used, untouched, with the reason in headers. */
public record DeadLetterRecords(String topic) {
    public static final String REASON = "tandem-reason";
    public static final String ERROR = "tandem-error";
    public static final String ERROR_CLASS = "tandem-error-class";
    public static final String ORIGIN = "tandem-origin";
    /** The value's length in bytes, where the value itself was too large to send on. */
    public static final String DROPPED_VALUE = "tandem-dropped-value";
    /** Of a receipt, which is no letter: which one has been put back. */
    public static final String REPLAYED = "tandem-replayed";
    /** All that are ours. */
    public static final List<String> HEADERS = List.of(REASON, ERROR, ERROR_CLASS, ORIGIN, DROPPED_VALUE, REPLAYED);

    /** A contract with readers of dead letters; the class that it names has since been renamed to {@link InvalidInput}. */
    private static final String ERROR_CLASS_VALUE = "dev.tandem.pipeline.decode.UnusableRecord";

    private static final int LONGEST_ERROR = 500;
    private static final Iterable<Header> NONE = List.of();

    /**
     * The letter, and what to send if the topic does not take one of that size: without the value, then without key and
     * headers too.
     */
    public List<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> record, InvalidInput why) {
        ProducerRecord<byte[], byte[]> whole = letter(record, record.key(), record.value(), record.headers(), why);
        ProducerRecord<byte[], byte[]> withoutValue = letter(record, record.key(), null, record.headers(), why);
        ProducerRecord<byte[], byte[]> husk = letter(record, null, null, NONE, why);
        String dropped = Integer.toString(Records.value(record).length);
        add(withoutValue.headers(), DROPPED_VALUE, dropped);
        add(husk.headers(), DROPPED_VALUE, dropped);
        return List.of(whole, withoutValue, husk);
    }

    private ProducerRecord<byte[], byte[]> letter(
            ConsumerRecord<byte[], byte[]> record,
            byte[] key,
            byte[] value,
            Iterable<Header> headers,
            InvalidInput why) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, null, key, value, headers);
        // One that was a letter before says what is wrong with it now.
        HEADERS.forEach(letter.headers()::remove);
        add(letter.headers(), REASON, why.reason().name());
        add(letter.headers(), ERROR, shortened(why.getMessage()));
        add(letter.headers(), ERROR_CLASS, ERROR_CLASS_VALUE);
        add(letter.headers(), ORIGIN, Records.origin(record));
        return letter;
    }

    /** What is wrong may quote what is wrong, at any length. */
    static String shortened(String message) {
        return message.length() > LONGEST_ERROR ? message.substring(0, LONGEST_ERROR) + "..." : message;
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.tandem.pipeline.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterRecordsTest {
    private static final byte[] KEY = {1};
    private static final byte[] VALUE = {2, 3, 4};

    private final DeadLetterRecords deadLetters = new DeadLetterRecords("dead-letters");

    /** Programs read these headers, so neither their names nor their values may change. */
    @Test
    void of_invalidRecord_isTheUnchangedRecordWithTheReasonInHeaders() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("pairs", 2, 17, KEY, VALUE);
        record.headers().add("mine", "kept".getBytes(StandardCharsets.UTF_8));

        ProducerRecord<byte[], byte[]> complete = of(record).get(0);

        assertThat(complete.topic()).isEqualTo("dead-letters");
        assertThat(complete.key()).isEqualTo(KEY);
        assertThat(complete.value()).isEqualTo(VALUE);
        assertThat(headers(complete))
                .containsOnly(
                        Map.entry("mine", "kept"),
                        Map.entry("tandem-reason", "TOO_SMALL"),
                        Map.entry("tandem-error", "too small"),
                        Map.entry("tandem-error-class", "dev.tandem.pipeline.decode.UnusableRecord"),
                        Map.entry("tandem-origin", "pairs-2-17"));
    }

    @Test
    void of_invalidRecord_hasVariantsWithoutValueAndWithoutOriginalKeyAndHeaders() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("pairs", 2, 17, KEY, VALUE);
        record.headers().add("mine", "kept".getBytes(StandardCharsets.UTF_8));

        List<ProducerRecord<byte[], byte[]>> variants = of(record);

        assertThat(variants).hasSize(3);
        assertThat(variants.get(1).key()).isEqualTo(KEY);
        assertThat(variants.get(1).value()).isNull();
        assertThat(headers(variants.get(1))).containsEntry("mine", "kept").containsEntry("tandem-dropped-value", "3");
        assertThat(variants.get(2).key()).asString().isEqualTo("pairs-2-17");
        assertThat(variants.get(2).value()).isNull();
        assertThat(headers(variants.get(2))).doesNotContainKey("mine").containsEntry("tandem-dropped-value", "3");
    }

    @Test
    void of_recordWithoutKey_hasItsOriginAsKey() {
        List<ProducerRecord<byte[], byte[]>> variants = of(new ConsumerRecord<>("pairs", 2, 17, null, VALUE));

        assertThat(variants)
                .allSatisfy(variant -> assertThat(variant.key()).asString().isEqualTo("pairs-2-17"));
    }

    @Test
    void of_longMessage_isShorterInTheSmallestVariant() {
        InvalidInput cause = new InvalidInput(Reason.BAD_HEADER, "x".repeat(10_000));

        List<ProducerRecord<byte[], byte[]>> variants =
                deadLetters.of(new ConsumerRecord<>("pairs", 2, 17, KEY, VALUE), cause);

        assertThat(headers(variants.get(0))).containsEntry("tandem-error", "x".repeat(500) + "...");
        assertThat(headers(variants.get(2))).containsEntry("tandem-error", "x".repeat(100) + "...");
    }

    @Test
    void originalKey_deadLetter_isTheKeyOfTheRecordOrEmpty() {
        assertThat(DeadLetterRecords.originalKey(consumed(of(new ConsumerRecord<>("pairs", 2, 17, KEY, VALUE)))))
                .hasValue(KEY);
        assertThat(DeadLetterRecords.originalKey(consumed(of(new ConsumerRecord<>("pairs", 2, 17, null, VALUE)))))
                .isEmpty();
    }

    private static ConsumerRecord<byte[], byte[]> consumed(List<ProducerRecord<byte[], byte[]>> variants) {
        ProducerRecord<byte[], byte[]> sent = variants.get(0);
        ConsumerRecord<byte[], byte[]> consumed = new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
        sent.headers().forEach(consumed.headers()::add);
        return consumed;
    }

    private List<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> record) {
        return deadLetters.of(record, new InvalidInput(Reason.TOO_SMALL, "too small"));
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}

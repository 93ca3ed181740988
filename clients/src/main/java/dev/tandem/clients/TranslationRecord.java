package dev.tandem.clients;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.emit.TranslationRecords;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the topic of translations as a client sees it. */
public record TranslationRecord(ConsumerRecord<byte[], byte[]> record) {
    /** The request's key, or where the request lay if it had none. */
    public String name() {
        return Optional.ofNullable(record.key())
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .or(() -> Records.header(record, TranslationRecords.SOURCE))
                .orElseGet(() -> Records.origin(record));
    }

    /** Which of the request's samples this is, from 1. */
    public String sample() {
        return Records.header(record, TranslationRecords.SAMPLE)
                .map(text -> text.replaceFirst("/.*", ""))
                .orElseGet(() -> Long.toString(record.offset()));
    }

    public byte[] picture() {
        return record.value();
    }
}

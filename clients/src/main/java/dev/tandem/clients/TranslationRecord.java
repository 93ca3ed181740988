package dev.tandem.clients;

import dev.tandem.images.encode.TranslationMetadata;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.emit.TranslationRecords;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the topic of translations, as a client reads it. */
public record TranslationRecord(ConsumerRecord<byte[], byte[]> record) {

    /** The key of the request. Without a key, the origin of the request; without that, the origin of this record. */
    public String name() {
        return Optional.ofNullable(record.key())
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .or(() -> Records.header(record, TranslationRecords.SOURCE))
                .orElseGet(() -> Records.origin(record));
    }

    /** The number of the sample within its request, from 1. Without that header, the offset of the record. */
    public String sample() {
        return Records.header(record, TranslationMetadata.SAMPLE)
                .map(text -> text.replaceFirst("/.*", ""))
                .orElseGet(() -> Long.toString(record.offset()));
    }

    /** The encoded image. */
    public byte[] image() {
        return record.value();
    }
}

package dev.tandem.testkit.stream;

import dev.tandem.pipeline.consume.Records;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Ids of the records that a run writes, for the checkers of the guarantees. */
public final class OutputRecords {
    private OutputRecords() {}

    /** The id of a translation: the origin of its request and its sample, for instance {@code sources-0-7 1/2}. */
    public static String sampleId(ConsumerRecord<byte[], byte[]> translation) {
        return source(translation) + " " + header(translation, "tandem-sample");
    }

    /** The ids of all translations of a request. */
    public static Stream<String> sampleIds(String source, int samples) {
        return IntStream.rangeClosed(1, samples).mapToObj(i -> source + " " + i + "/" + samples);
    }

    /** The origin of the request of a translation. */
    public static String source(ConsumerRecord<byte[], byte[]> translation) {
        return header(translation, "tandem-source");
    }

    /** The origin of the record that became a dead letter. */
    public static String origin(ConsumerRecord<byte[], byte[]> deadLetter) {
        return header(deadLetter, "tandem-origin");
    }

    /** Why a record became a dead letter. */
    public static String reason(ConsumerRecord<byte[], byte[]> deadLetter) {
        return header(deadLetter, "tandem-reason");
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Records.header(record, name)
                .orElseThrow(() -> new AssertionError(Records.origin(record) + " has no header " + name));
    }
}

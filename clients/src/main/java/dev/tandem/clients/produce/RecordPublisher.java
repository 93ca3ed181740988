package dev.tandem.clients.produce;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.records.ImageRecord;
import dev.tandem.images.decode.PairDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends items to a topic.
 *
 * @param headers of every record
 * @param hashed whether keys say what is in the value, or are the names alone
 */
public record RecordPublisher(Settings settings, String topic, Map<String, String> headers, boolean hashed) {

    /** How many were sent, and how many were there already. */
    public record Result(int sent, int known) {}

    /**
     * Sends all, in their order; from the second epoch on in one that the seed draws.
     *
     * @param known keys that are not sent again
     * @param dealtWith run after each
     */
    public Result send(List<ImageRecord> items, int epochs, long seed, Set<String> known, Runnable dealtWith) {
        AtomicReference<Optional<Exception>> failure = new AtomicReference<>(Optional.empty());
        Set<String> there = new HashSet<>(known);
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = KafkaToolClients.producer(settings.kafka(), settings.topics())) {
            for (int epoch = 1; epoch <= epochs; epoch++) {
                for (ImageRecord item : inOrder(items, epoch, seed)) {
                    byte[] value = item.value();
                    String key = hashed ? RecordKeys.of(item.name(), value, epoch) : item.name();
                    if (!hashed || there.add(key)) {
                        producer.send(
                                record(item, key, value),
                                (metadata, exception) -> Optional.ofNullable(exception)
                                        .ifPresent(cause -> failure.set(Optional.of(cause))));
                        sent++;
                    }
                    failIfAny(failure.get());
                    dealtWith.run();
                }
            }
            producer.flush();
        }
        failIfAny(failure.get());
        return new Result(sent, items.size() * epochs - sent);
    }

    private static List<ImageRecord> inOrder(List<ImageRecord> items, int epoch, long seed) {
        List<ImageRecord> order = new ArrayList<>(items);
        if (epoch > 1) {
            Collections.shuffle(order, new Random(seed + epoch));
        }
        return order;
    }

    private ProducerRecord<byte[], byte[]> record(ImageRecord item, String key, byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
        item.layout().ifPresent(layout -> add(record, PairDecoder.LAYOUT_HEADER, layout));
        headers.forEach((name, text) -> add(record, name, text));
        return record;
    }

    private static void add(ProducerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void failIfAny(Optional<Exception> failure) {
        failure.ifPresent(exception -> {
            throw new UserError("Kafka did not take a record: " + exception.getMessage(), exception);
        });
    }
}

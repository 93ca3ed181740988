package dev.tandem.clients.produce;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.RecordLimits;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.records.ImageRecord;
import dev.tandem.datasets.records.RecordValidator;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.KafkaFailures;
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
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends image records to a topic. Keys of pairs are {@link RecordKeys}, and each is sent once. Other keys are the names
 * of the images.
 *
 * @param headers are added to every record
 * @param again whether pairs are also sent if they are already in the topic
 */
public record RecordPublisher(Settings settings, String topic, Map<String, String> headers, boolean again) {

    /** How many records were sent, and how many were skipped because their keys are in the topic. */
    public record Result(int sent, int skipped) {}

    /**
     * Reads the limits of the topic from the broker, and returns which records they exclude.
     *
     * @param epochs the number of epochs in which the records are sent
     */
    public RecordValidator.SizeLimit sizeLimit(int epochs) {
        RecordLimits limits = RecordLimits.of(settings, List.of(topic));
        return (record, value) -> limits.rejection(kafkaRecord(record, key(record, value, epochs), value));
    }

    /**
     * Creates the topic if it is missing, and sends all records in every epoch. The first epoch keeps their order, later
     * ones shuffle it.
     *
     * @param seed of the shuffled orders
     * @param onProcessed runs after each record, sent or skipped
     * @throws UserError if Kafka rejects a record
     */
    public Result publish(List<ImageRecord> records, int epochs, long seed, Runnable onProcessed) {
        new Topics(settings.kafka(), settings.topics())
                .ensure(List.of(topic), settings.topics().adminTimeout());
        Set<String> keys = isPairs() && !again ? RecordKeys.existing(settings.kafka(), topic) : new HashSet<>();
        AtomicReference<Optional<UserError>> failure = new AtomicReference<>(Optional.empty());
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = KafkaToolClients.producer(settings.kafka(), settings.topics())) {
            for (int epoch = 1; epoch <= epochs; epoch++) {
                for (ImageRecord record : ordered(records, epoch, seed)) {
                    byte[] value = record.value();
                    String key = key(record, value, epoch);
                    if (!isPairs() || keys.add(key)) {
                        producer.send(kafkaRecord(record, key, value), onFailure(record, failure));
                        sent++;
                    }
                    throwIfPresent(failure.get());
                    onProcessed.run();
                }
            }
            producer.flush();
        }
        throwIfPresent(failure.get());
        return new Result(sent, records.size() * epochs - sent);
    }

    private boolean isPairs() {
        return topic.equals(settings.topics().pairs());
    }

    private String key(ImageRecord record, byte[] value, int epoch) {
        return isPairs() ? RecordKeys.of(record.name(), value, epoch) : record.name();
    }

    private static Callback onFailure(ImageRecord record, AtomicReference<Optional<UserError>> failure) {
        return (metadata, exception) -> {
            if (exception != null) {
                String message = "Kafka rejected " + record.name() + ": " + KafkaFailures.message(exception);
                failure.compareAndSet(Optional.empty(), Optional.of(new UserError(message, exception)));
            }
        };
    }

    private static List<ImageRecord> ordered(List<ImageRecord> records, int epoch, long seed) {
        List<ImageRecord> order = new ArrayList<>(records);
        if (epoch > 1) {
            Collections.shuffle(order, new Random(seed + epoch));
        }
        return order;
    }

    private ProducerRecord<byte[], byte[]> kafkaRecord(ImageRecord image, String key, byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
        image.layout().ifPresent(layout -> addHeader(record, PairDecoder.LAYOUT_HEADER, layout));
        headers.forEach((name, text) -> addHeader(record, name, text));
        return record;
    }

    private static void addHeader(ProducerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void throwIfPresent(Optional<UserError> failure) {
        failure.ifPresent(error -> {
            throw error;
        });
    }
}
